import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Input } from '../../../src/runbook/model.ts';
import { type Analysis, analyse } from '../../../src/runbook/shell/analyse.ts';
import { checkCharacters } from '../../../src/runbook/shell/characters.ts';
import { rewriteSafely } from '../../../src/runbook/shell/placeholder-safety.ts';
import { startsCommand } from '../../../src/runbook/shell/words.ts';
import { inputOf } from '../../record/support.ts';

const input = (name: string, type: Input['type'] = 'string'): Input => inputOf(name, { type });

const of = (script: string, inputs: readonly Input[] = [], plain = false, context: string | null = null): Analysis =>
  analyse(script, { shell: 'bash', plain, inputs, context });

/** `413@7`: number and 1-based column. */
const found = (script: string, inputs: readonly Input[] = [], plain = false): string[] =>
  of(script, inputs, plain).findings.map(({ number, offset }) => `${number}@${offset + 1}`);

describe('variables', () => {
  it.each([
    ['echo "$A" ${B} $C', ['A', 'B', 'C'], []],
    ['A=1; echo "$A $B"', ['B'], ['A']],
    ['echo "$A"; A=1', ['A'], ['A']],
    ['export A=1 B="$C"; echo $A $B', ['C'], ['A', 'B']],
    ['A=1 cmd "$A"', ['A'], []],
    ['for i in $LIST; do echo "$i"; done', ['LIST'], ['i']],
    ['(A=1; echo $A); echo $A', ['A'], []],
    ['A=$(B=1; echo $B $C)', ['C'], ['A']],
    ['echo x | read A; echo $A', ['A'], []],
    ['read -r -p "n?" A B; echo $A $B', [], ['A', 'B']],
    ['while read -r line; do echo "$line"; done < "$F"', ['F'], ['line']],
    ['printf -v A %s x; echo $A', [], ['A']],
    ['mapfile -t A < f; echo "${A[@]}"', [], ['A']],
    ['echo $((A + 1)); ((B = C)); let D=1', ['A', 'C'], ['B']],
    ['echo "${A:-x}" "${B:=y}" "${C:?no}" ${D+z}; echo $B', ['C'], ['B']],
    ['echo ${A%.txt} ${#B} ${C//x/$D} ${E:1:2}', ['A', 'B', 'C', 'D', 'E'], []],
    ["echo '$A' \\$B", [], []],
    ["cat <<EOF\n$A\nEOF\ncat <<'EOF'\n$B\nEOF", ['A'], []],
    ['echo $1 $@ $? $$ $! $# $RANDOM $PWD $SECONDS $BASH_VERSION', [], []],
    ['f() { local a=1; echo $a $b; }; f', ['b'], ['a']],
    ['[[ -n $A && $B == x ]]; case $C in $D) ;; esac', ['A', 'B', 'C', 'D'], []],
    ['echo "$(kubectl get $A)" `echo $B` <(echo $C)', ['A', 'B', 'C'], []],
    ["bash -c 'echo $A'", [], []],
    ['unset A; echo $A', ['A'], []],
    ['a[$I]=1; b=(1 $J)', ['I', 'J'], ['a', 'b']],
    ['export A', ['A'], []],
  ] as const)('%j', (script, uses, sets) => {
    const analysis = of(script);
    expect([analysis.uses, analysis.sets]).toEqual([uses, sets]);
  });

  it('counts an input as read even when it has a default in the script', () => {
    expect(of('echo "${VERSION:-none}"', [input('version')]).uses).toEqual(['VERSION']);
  });
});

describe('programs', () => {
  it('are those started here by name', () => {
    const script = `f() { jq .; }; sudo kubectl get x | f | grep y; ./z; /usr/bin/awk 1; ssh h "helm ls"; docker exec c psql; bash -c 'curl x'; cd /; echo $(date)`;
    expect(of(script).programs.toSorted()).toEqual(
      ['awk', 'bash', 'curl', 'date', 'docker', 'grep', 'jq', 'kubectl', 'ssh', 'sudo'].toSorted(),
    );
  });
});

describe('marks', () => {
  const marks = (script: string): string[] => {
    const { watcher, interactive, outsidePin, targetStep } = of(script, [], true);
    return Object.entries({ watcher, interactive, outsidePin, targetStep }).flatMap(([name, is]) => (is ? [name] : []));
  };
  it.each([
    ['kubectl get pods -w', ['watcher']],
    ['kubectl get pods -owide', []],
    ['kubectl logs -f deploy/api', ['watcher']],
    ['kubectl logs -f deploy/api | head -5', []],
    ['timeout 30 kubectl get pods -w', []],
    ['tail -F /var/log/x', ['watcher']],
    ['watch -n1 kubectl get pods', ['watcher']],
    ['journalctl -fu nginx', ['watcher']],
    ['docker stats --no-stream', []],
    ['kubectl rollout status deploy/api -w', []],
    ['ssh host', ['interactive', 'outsidePin']],
    ['ssh host uptime', ['outsidePin']],
    ['ssh -N -L 1:a:2 host', ['watcher', 'outsidePin']],
    ['ssh host <<EOF\nuptime\nEOF', ['outsidePin']],
    ['kubectl exec -it x -- sh', ['interactive', 'outsidePin']],
    ['kubectl exec x -- ls', ['outsidePin']],
    ['docker exec -it x bash', ['interactive', 'outsidePin']],
    ['psql', ['interactive']],
    ['psql -c "select 1"', []],
    ['echo "select 1" | psql', []],
    ['kubectl edit deploy x', ['interactive']],
    ['vi /etc/hosts', ['interactive']],
    ['top', ['watcher', 'interactive']],
    ['terraform apply', ['interactive']],
    ['terraform apply -auto-approve', []],
    ['terraform apply plan.out', []],
    ['read -p "sure? " x', ['interactive']],
    ['while read -r x; do echo $x; done < f', []],
    ['kubectl config use-context prod', ['targetStep']],
    ['kubectl config set-context --current --namespace x', ['targetStep']],
    ['kubectx prod', ['targetStep']],
    ['kubens x', ['targetStep']],
    ['aws eks update-kubeconfig --name prod', ['targetStep']],
    ['gcloud container clusters get-credentials prod --zone z', ['targetStep']],
    ['az aks get-credentials -g a -n b', ['targetStep']],
    ['export KUBECONFIG=~/.kube/prod', ['targetStep']],
    ['kubectl config use-context prod\nkubectl get nodes', ['targetStep']],
    ['kubectl config use-context prod && kubectl apply -f x', []],
    ['kubectl config view', []],
    ['kubectx', []],
    ['unset KUBECONFIG', []],
  ] as const)('%j', (script, expected) => {
    expect(marks(script)).toEqual(expected);
  });
});

describe('endings', () => {
  it.each([
    ['kubectl get pods | grep -v Running', true, 'grep'],
    ['grep x f', true, 'grep'],
    ['diff a b', true, 'diff'],
    ['kubectl diff -f x', true, 'diff'],
    ['kubectl get pods || true', true, null],
    ['kubectl get pods || echo none', true, null],
    ['grep x f && echo ok', false, null],
    ['grep x f; kubectl get pods', false, null],
    ['! grep -q x f', false, null],
    ['kubectl get pods', false, null],
    ['kubectl get pods || exit 1', false, null],
  ] as const)('%j', (script, saysNothing, match) => {
    const { exitSaysNothing, endsInMatch } = of(script);
    expect([exitSaysNothing, endsInMatch]).toEqual([saysNothing, match]);
  });
});

describe('findings', () => {
  const inputs = [input('version'), input('api-token', 'secret'), input('service')];
  it.each([
    ['kubectl get pods \\ \n  -n x', ['408@18']],
    ["echo 'a \\ \nb'", []],
    ['echo "${version}"', ['409@7']],
    ["echo 'v{{version}}' {{ service }}", ['409@8', '409@21']],
    ['curl -d "${api-token}" x', ['409@10']],
    ['echo "$version"', ['409@7']],
    ['version=1; echo "$version"', []],
    ['# ${version}\nls', []],
    ["docker ps --format '{{.Names}}'", []],
    ['echo "$VERSION"', []],
    ['echo $VERSION', ['410@6']],
    ['kubectl set image x=y:$VERSION -n "$NS"', ['410@23']],
    ['X=$VERSION; [[ $VERSION == x ]]', []],
    ['cat <<EOF\n$VERSION\nEOF', []],
    ['echo $OTHER', []],
    ['', ['412@1']],
    ['# only a comment\n\n', ['412@1']],
    ['if true; then', ['413@14']],
    ['echo "abc', ['413@6']],
    ['echo $(ls', ['413@6']],
    ['./worker &', ['415@1']],
    ['./worker & wait', []],
    ['nohup ./worker', ['415@1']],
    ['setsid ./worker', ['415@1']],
    ['ssh h "nohup x &"', []],
    ['cat <<EOF > f\ntoken: $API_TOKEN\nEOF', ['418@5']],
    ['kubectl apply -f - <<EOF\nkind: Secret\nEOF', ['418@20']],
    ["cat <<'EOF'\npassword: hunter22\nEOF", ['418@5']],
    ["cat <<'EOF'\npassword: ${PASSWORD}\nEOF", []],
    ['cat <<EOF\nname: x\nEOF', []],
    ["trap 'rm -f x' EXIT", ['421@1']],
    ['exec bash', ['421@1']],
    ['exec 3>/dev/null', []],
    ["(trap 'x' EXIT)", []],
    ["trap 'x' INT", []],
    ['ls | grep x', ['327@6']],
    ['ls || true', ['327@7']],
    ['diff a b', []],
    ['kubectl config use-context x', ['417@1']],
    ['export KUBECONFIG=x', ['417@1']],
  ] as const)('%j', (script, expected) => {
    expect(found(script, inputs)).toEqual(expected);
  });

  it('reports a target step of a plain file only when it does something else too', () => {
    expect(found('kubectl config use-context x', [], true)).toEqual([]);
    expect(found('kubectl config use-context x; kubectl apply -f y', [], true)).toEqual(['417@1']);
  });

  it('compares contexts with the pinned one', () => {
    const numbers = (script: string) =>
      of(script, [], false, 'prod').findings.map(({ number, message }) => `${number} ${message}`);
    expect(numbers('kubectl --context dev get pods')).toEqual([
      '416 step targets context "dev", run is pinned to "prod"',
    ]);
    expect(numbers('helm --kube-context=dev ls')).toHaveLength(1);
    expect(numbers('kubectl --context prod get pods')).toEqual([]);
    expect(numbers('kubectl --context "$CONTEXT" get pods')).toEqual([]);
  });

  it('does not judge the syntax of shells it does not know', () => {
    const zsh = analyse('for x { echo $x }', { shell: 'zsh', plain: true, inputs: [], context: null });
    expect(zsh.findings).toEqual([]);
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...[
      'kubectl',
      ' ',
      '\n',
      '"',
      "'",
      '`',
      '$(',
      ')',
      '${',
      '}',
      '<',
      '>',
      '<<EOF\n',
      'EOF',
      '|',
      '&',
      ';',
      '\\',
      '#',
      '((',
      '))',
      '[[',
      ']]',
    ],
    ...[
      'if',
      'then',
      'fi',
      'for',
      'do',
      'done',
      'case',
      'in',
      'esac',
      'sudo',
      'bash -c',
      'ssh',
      '<name>',
      '$X',
      '{',
      '=',
      'eval',
      'time',
      '!',
      '-',
      'é',
      '\u202E',
    ],
  );
  it('is analysed without an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 40 }).map((list) => list.join('')),
          fc.string({ unit: 'binary', maxLength: 200 }),
        ),
        (script) => {
          checkCharacters(script);
          const { rewritten } = rewriteSafely(script, 'bash', (text) => of(text, [input('name')], true));
          for (const offset of [0, rewritten.script.length >> 1, rewritten.script.length]) {
            expect(rewritten.toOriginal(offset)).toBeLessThanOrEqual(script.length);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('repeated without end is answered in time', () => {
    const pieces = [
      '$(',
      '(',
      '"$(',
      '${',
      '<a',
      '`',
      'if ',
      '{ ',
      'sudo ',
      '<x> ',
      'a | ',
      'a || ',
      'a;',
      '<(a ',
      '${a:-',
      'bash -c "',
      'x & ',
      '<<A\n',
    ];
    for (const piece of pieces) {
      const text = piece.repeat(20_000);
      startsCommand(text);
      const started = performance.now();
      checkCharacters(`${text}é`);
      rewriteSafely(text, 'bash', (script) => of(script, [], true));
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });
});
