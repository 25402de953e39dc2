import { describe, expect, it } from 'vitest';
import { findPlaceholders, rewritePlaceholders } from '../../../src/runbook/shell/placeholders.ts';

const texts = (script: string): string[] => findPlaceholders(script).map(({ text }) => text);

describe('rewritePlaceholders', () => {
  it.each([
    ['kubectl get pods -n <your-namespace>', 'kubectl get pods -n "${P_YOUR_NAMESPACE}"'],
    ['kubectl logs <pod name> -c <container>', 'kubectl logs "${P_POD_NAME}" -c "${P_CONTAINER}"'],
    ['kubectl -n "<ns>" get pods', 'kubectl -n "${P_NS}" get pods'],
    ['echo "ns: <ns>, pod: <pod>"', 'echo "ns: ${P_NS}, pod: ${P_POD}"'],
    ['curl -d \'{"name":"<name>"}\' x', 'curl -d \'{"name":"\'"${P_NAME}"\'"}\' x'],
    ["echo $'a\\t<name>'", "echo $'a\\t'\"${P_NAME}\"$''"],
    ['ssh <user>@<host>', 'ssh "${P_USER}"@"${P_HOST}"'],
    ['curl https://app-<env>.example.com:<port>/x', 'curl https://app-"${P_ENV}".example.com:"${P_PORT}"/x'],
    ['kubectl exec -it <pod-name> -- /bin/bash', 'kubectl exec -it "${P_POD_NAME}" -- /bin/bash'],
    ['NS=<namespace> kubectl get ns', 'NS="${P_NAMESPACE}" kubectl get ns'],
    ['export TOKEN=<your token>', 'export TOKEN="${P_YOUR_TOKEN}"'],
    ['cat > <file>', 'cat > "${P_FILE}"'],
    ['kubectl get pods <pod> > out.txt', 'kubectl get pods "${P_POD}" > out.txt'],
    ['cat <<EOF\nname: <name>\nEOF', 'cat <<EOF\nname: ${P_NAME}\nEOF'],
    ['cat <<-EOF\n\tname: <name>\n\tEOF\nls <dir>', 'cat <<-EOF\n\tname: ${P_NAME}\n\tEOF\nls "${P_DIR}"'],
    ['echo $(kubectl get pod <pod>)', 'echo $(kubectl get pod "${P_POD}")'],
    ['echo "$(kubectl get pod <pod>)"', 'echo "$(kubectl get pod "${P_POD}")"'],
    ['echo `cat <file>`', 'echo `cat "${P_FILE}"`'],
    ['echo "${X:-<default>}"', 'echo "${X:-${P_DEFAULT}}"'],
    ['deploy <dev|staging|prod>', 'deploy "${P_DEV_STAGING_PROD}"'],
    ['deploy <name (optional)>', 'deploy "${P_NAME_OPTIONAL}"'],
    ["deploy <user's name>", 'deploy "${P_USERS_NAME}"'],
    ['deploy <Größe>', 'deploy "${P_GROSSE}"'],
    ['deploy <...>', 'deploy "${P_VALUE}"'],
    ['deploy <3-letter-code>', 'deploy "${P_3_LETTER_CODE}"'],
    ['mysql <database> < dump.sql', 'mysql "${P_DATABASE}" < dump.sql'],
    ['kubectl get pods -n <ns>|grep x', 'kubectl get pods -n "${P_NS}"|grep x'],
    ['diff <(kubectl get cm <name>) b', 'diff <(kubectl get cm "${P_NAME}") b'],
    ['[ "$X" = <value> ]', '[ "$X" = "${P_VALUE}" ]'],
    ['kubectl get pod <pod> \\\n  -n <ns>', 'kubectl get pod "${P_POD}" \\\n  -n "${P_NS}"'],
    ["echo it\\'s <name>", 'echo it\\\'s "${P_NAME}"'],
  ])('%j', (script, expected) => {
    const { script: rewritten, findings } = rewritePlaceholders(script);
    expect(rewritten).toBe(expected);
    expect(findings).toEqual([]);
  });

  it.each([
    'cat <file >out',
    'mysql shop <dump.sql 2>err.log',
    'sort <in &>out',
    'cat < in > out',
    'cat </etc/passwd>out',
    'cat <<EOF\nx\nEOF',
    'cat <<< word',
    'diff <(ls a) <(ls b)',
    'exec 3<&- 4>&1',
    'cmd <-',
    'kubectl get pods | grep "<none>"',
    'kubectl get pods | grep "<pending>"',
    'awk \'$5 == "<unset>"\'',
    "grep '<nil>' x",
    "grep '<no value>' x",
    "awk '$1<x && y>z'",
    'awk \'{ if ($3<5) print "a>b" }\'',
    '[[ $a < $b && $c > $d ]]',
    'ls # in <namespace>',
    'curl -d "<b>bold</b>" x',
    "curl -d '<xml><id>5</id></xml>' x",
    'cat <<EOF > x.html\n<html>\n<body>hi</body>\n</html>\nEOF',
    'echo "a<br/>b<br>c"',
    'git commit --author="Jane <jane@example.com>"',
    "sed 's/<[^>]*>//g' x",
    "grep -P '(?<name>a)' x",
    "grep '\\<word\\>' x",
    'echo \\<x\\>',
    'echo "#include <stdio.h>"',
    'if (( a<b && c>d )); then :; fi',
    'while read -r x; do :; done <"$f" >out',
  ])('leaves %j alone', (script) => {
    expect(texts(script)).toEqual([]);
    expect(rewritePlaceholders(script).script).toBe(script);
  });

  it('blocks what no quoting can hold', () => {
    const quoted = rewritePlaceholders("cat <<'EOF'\nname: <name>\nEOF");
    expect(quoted.findings).toMatchObject([{ number: 418, offset: 18 }]);
    expect(quoted.script).toContain('<name>');
    expect(rewritePlaceholders('echo $((<count> + 1))').findings).toMatchObject([{ number: 418 }]);
  });

  it('asks once for a text and leads offsets back', () => {
    const script = 'a <x> b <x> c <y>';
    const { placeholders, toOriginal, script: rewritten } = rewritePlaceholders(script);
    expect(placeholders).toEqual([
      { text: '<x>', variable: 'P_X' },
      { text: '<y>', variable: 'P_Y' },
    ]);
    for (const word of ['a ', ' b', ' c']) expect(toOriginal(rewritten.indexOf(word))).toBe(script.indexOf(word));
    expect(toOriginal(rewritten.indexOf('${P_Y}'))).toBe(script.indexOf('<y>'));
    expect(toOriginal(rewritten.length)).toBe(script.length);
  });
});
