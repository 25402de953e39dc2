import { describe, expect, it } from 'vitest';
import { commandsOf } from './commands-of.ts';
import { fenceMarks, load, model } from './load-text.ts';

const loadLines = (...lines: readonly string[]) => load(lines.join('\n'));

describe('a shell fence without prompts', () => {
  it.each(['sh', 'bash', 'shell', 'zsh', 'console', 'shell-session', 'terminal', 'Bash', 'sh {name=x}'])(
    'is a command under the name %s',
    (language) => {
      expect(fenceMarks(language, '# which pods', 'kubectl get pods', '', 'kubectl get nodes')).toBe('RRRR');
    },
  );

  it.each(['yaml', 'json', 'sql', 'python', 'powershell', 'text', 'output', 'promql', 'Dockerfile', 'diff', 'mermaid'])(
    'is text under the name %s',
    (language) => {
      expect(fenceMarks(language, 'kubectl get pods')).toBe('.');
    },
  );

  it('is output when its first line starts no command', () => {
    expect(fenceMarks('bash', 'NAME    READY   STATUS', 'api-1   1/1     Running')).toBe('..');
    expect(fenceMarks('sh', 'deployment.apps/api restarted')).toBe('.');
    expect(fenceMarks('console', 'Server:  10.0.0.1', '', 'Name: kubernetes')).toBe('...');
  });

  it('says which fence under a shell is taken as output, where, and how to make it run', () => {
    const { diagnostics } = loadLines(
      '# T',
      '',
      '1. Do it',
      '',
      '   ```sh',
      '   # now',
      '   Frobnicate   it',
      '   ```',
    );
    expect(diagnostics).toMatchObject([
      {
        code: 'I328',
        severity: 'info',
        line: 7,
        column: 4,
        message: 'taken as sample output, never run: "Frobnicate it" does not look like a command',
        hint: 'to run it, begin each of its commands with "$ "',
      },
    ]);
    expect(loadLines('# T', '', '1. Do it', '', '   ```sh', '   $ Frobnicate   it', '   ```').diagnostics).toEqual([]);
    expect(loadLines('# T', '', '1. Do it', '', '   ```', '   Frobnicate   it', '   ```').diagnostics).toEqual([]);
    expect(loadLines('# T', '', '1. Do it', '', '   ```sh', '   ```').diagnostics).toEqual([]);
  });

  it('runs a tool that no list knows when flags or placeholders follow', () => {
    expect(fenceMarks('sh', 'frobnicate --all')).toBe('R');
    expect(fenceMarks('sh', 'frobnicate <host>')).toBe('R');
  });

  it('keeps output that was pasted below a command out of it', () => {
    const table = ['kubectl get pods', 'NAME    READY   STATUS', 'api-1   1/1     Running'];
    expect(fenceMarks('bash', ...table)).toBe('Roo');
    expect(fenceMarks('bash', ...table, '', 'kubectl delete pod api-1', 'pod "api-1" deleted')).toBe('Roo.Ro');
    expect(fenceMarks('bash', 'curl -s localhost/health', '{"status":"ok"}')).toBe('Ro');
    expect(fenceMarks('bash', 'curl -s localhost/health', '{', '  "status": "ok"', '}')).toBe('Rooo');
    expect(fenceMarks('bash', 'systemctl is-active nginx', 'active')).toBe('Ro');
  });

  it('keeps heredocs, quotes, loops and functions whole', () => {
    expect(fenceMarks('sh', 'cat <<EOF > a.json', '{', '  "a": 1', '}', 'EOF', 'ls')).toBe('RRRRRR');
    expect(fenceMarks('sh', "curl -d '{", '  "Name": "x"', "}' http://h", 'ls')).toBe('RRRR');
    expect(fenceMarks('sh', 'for p in a b; do', '  Something "$p"', 'done')).toBe('RRR');
    expect(fenceMarks('sh', 'check() {', '  Foo', '}', 'check')).toBe('RRRR');
    expect(fenceMarks('sh', 'kubectl get pods \\', '  Running')).toBe('RR');
    expect(fenceMarks('sh', 'kubectl get pods |', 'while read -r p; do', '  Echo "$p"', 'done')).toBe('RRRR');
  });

  it('does not run here what is typed on another host or in a container', () => {
    expect(fenceMarks('bash', 'ssh web1', 'sudo systemctl restart nginx', 'exit', 'curl -f http://web1/')).toBe('RooR');
    expect(fenceMarks('sh', 'kubectl exec -it api-0 -n prod -- /bin/sh', 'rm -rf /data/tmp')).toBe('Ro');
    expect(fenceMarks('sh', 'ssh <bastion host>', 'rm -rf /data/tmp')).toBe('Ro');
    expect(fenceMarks('sh', 'docker exec -it db bash', 'psql -U app', 'SELECT 1;')).toBe('Roo');
    expect(fenceMarks('sh', 'python3', 'import os', 'exit()', 'ls')).toBe('RooR');
    expect(fenceMarks('sh', 'ssh web1 uptime', 'ssh web2 uptime', 'ls')).toBe('RRR');
    expect(fenceMarks('sh', 'ssh web1', 'ssh web2')).toBe('RR');
    expect(fenceMarks('sh', 'kubectl exec -it api-0 -- ls /', 'kubectl get pods')).toBe('RR');
    expect(fenceMarks('sh', "ssh web1 <<'EOF'", 'uptime', 'EOF', 'ls')).toBe('RRRR');
  });

  it('takes an apostrophe that never closes for an apostrophe', () => {
    expect(fenceMarks('sh', "echo don't", 'kubectl get pods', 'NAME  READY  STATUS')).toBe('RRo');
  });
});

describe('a fence with prompts', () => {
  it('runs the prompt lines only', () => {
    expect(fenceMarks('console', '$ kubectl get pods', 'NAME  READY', 'ls looks like a command', '$ date')).toBe(
      'RooR',
    );
    expect(fenceMarks('', '$ frobnicate now', 'kubectl apply -f x')).toBe('Ro');
  });

  it.each([
    '$ ',
    '% ',
    '❯ ',
    '➜ ',
    '➜  ~ ',
    '➜  shop git:(main) ✗ ',
    'deploy@web1:~$ ',
    'root@web1:/etc# ',
    'jo@laptop ~ % ',
    '[root@web1 ~]# ',
    '[ec2-user@ip-10-0-0-1 app]$ ',
    'sh-4.4# ',
    'bash-5.1$ ',
    '/ # ',
    'web1 $ ',
    '(venv) $ ',
    '(base) jo@laptop:~$ ',
    '    $ ',
  ])('knows the prompt "%s"', (prompt) => {
    expect(fenceMarks('', `${prompt}kubectl get pods`, 'NAME  READY')).toBe('Ro');
    const [command] = commandsOf(model(`# T\n\n\`\`\`\n${prompt}kubectl get pods\n\`\`\`\n`).phases);
    expect(command?.script).toBe('kubectl get pods');
  });

  it.each([
    '  % Total    % Received % Xferd  Average Speed',
    '  ➜  Local:   http://localhost:5173/',
    '$ 5.00 per hour',
    'mysql> select 1;',
    'accounts=# select 1;',
    '>>> import os',
    'PS C:\\> dir',
    'jo@example.com wrote:',
  ])('does not take "%s" for one', (line) => {
    expect(fenceMarks('', line, 'more')).toBe('..');
  });

  it('follows backslashes, heredocs, secondary prompts and open quotes', () => {
    expect(fenceMarks('console', '$ helm upgrade x \\', '    --wait', 'Release "x" upgraded')).toBe('RRo');
    expect(fenceMarks('console', '$ cat <<EOF', 'a: 1', 'EOF', 'a: 1')).toBe('RRRo');
    expect(fenceMarks('console', '$ cat <<EOF', '> a: 1', '> EOF', 'a: 1')).toBe('RRRo');
    expect(fenceMarks('console', '$ for i in 1 2; do', '> echo $i', '> done', '1', '2')).toBe('RRRoo');
    expect(fenceMarks('console', "$ curl -d '{", '"a": 1', "}' http://h", '{"ok":true}')).toBe('RRRo');
  });

  it('takes "> " for output when the command is complete', () => {
    expect(fenceMarks('console', '$ npm run build', '> shop@1.0.0 build', '> tsc')).toBe('Roo');
  });

  it('gives comments between prompts to the next command, and no others', () => {
    expect(fenceMarks('console', '# first', '$ ls', 'a', '# then', '$ date', '# HELP x')).toBe('RRoRRo');
  });

  it('runs commands above the first prompt, and nothing else there', () => {
    expect(fenceMarks('console', 'export A=1', '$ ls', 'a')).toBe('RRo');
    expect(fenceMarks('console', 'Some words', '$ ls')).toBe('oR');
  });

  it('does not run what is typed in another shell opened from there', () => {
    expect(
      fenceMarks('console', 'jo@here:~$ ssh web1', 'jo@web1:~$ rm -rf /srv/x', 'jo@web1:~$ exit', 'jo@here:~$ ls'),
    ).toBe('RooR');
  });

  it('takes "# " for a prompt only without another one and with output below', () => {
    expect(fenceMarks('', '# mdadm --detail /dev/md0', '/dev/md0:', '   State : clean')).toBe('Roo');
    expect(fenceMarks('sh', '# make sure it is up', 'kubectl get pods', 'NAME  READY  X')).toBe('RRo');
    expect(fenceMarks('sh', '# kubectl get pods', '$ date', 'x')).toBe('RRo');
    expect(fenceMarks('', '# apt-get update', '# apt-get install nginx')).toBe('..');
  });

  it('gives a shell the text without prompts', () => {
    const text = '# T\n\n1. a\n   > ```console\n   > $ cat <<EOF\n   > > a: 1\n   > > EOF\n   > a: 1\n   > ```\n';
    const [command] = commandsOf(model(text).phases);
    expect(command?.script).toBe('cat <<EOF\na: 1\nEOF');
    expect(command?.lines).toEqual([[5, 7]]);
    expect(command?.sample).toEqual({ text: 'a: 1', lines: [[8, 8]] });
  });
});

describe('a fence without language', () => {
  it('is a command when its first word is one', () => {
    expect(fenceMarks('', 'kubectl get pods', 'kubectl get nodes')).toBe('RR');
    expect(fenceMarks('', './deploy.sh prod')).toBe('R');
    expect(fenceMarks('', '# first', 'systemctl restart nginx')).toBe('RR');
  });

  it.each([
    ['a server block', ['server {', '  listen 80;', '}']],
    ['an ini file', ['[Unit]', 'Description=x']],
    ['settings', ['PORT=8080', 'HOST=0.0.0.0']],
    ['YAML', ['apiVersion: v1', 'kind: Pod']],
    ['JSON', ['{', '  "a": 1', '}']],
    ['SQL', ['select * from users;']],
    ['SQL in a with', ['with x as (select 1)', 'select * from x;']],
    ['PromQL', ['sum(rate(http_requests_total[5m])) by (code)']],
    ['a log', ['2024-04-02T09:12:44Z edge1 haproxy[2211]: Proxy api started.']],
    ['a tree', ['.', '├── a', '└── b']],
    ['a table', ['NAME    READY   STATUS', 'api-1   1/1     Running']],
    ['a Dockerfile', ['FROM alpine', 'RUN apk add curl']],
    ['JavaScript', ['import x from "y";', 'export const a = 1;']],
    ['a for loop of another language', ['for (let i = 0; i < 3; i++) {', '}']],
    ['a patch', ['diff --git a/x b/x', '@@ -1 +1 @@']],
    ['usage', ['kubectl get [flags] TYPE']],
    ['prose', ['make sure that the pods are up', 'and call somebody']],
    ['a psql session', ['accounts=> select 1;', ' ?column?']],
  ])('leaves %s alone', (_, lines) => {
    expect(fenceMarks('', ...lines)).toBe('.'.repeat(lines.length));
  });
});

describe('an indented block', () => {
  it('is read like a fence without language', () => {
    const text = '# T\n\nRun\n\n    $ ls\n    a\n\nand\n\n    sub vcl_recv {\n    }\n\nand\n\n    kubectl get pods\n';
    const commands = commandsOf(model(text).phases);
    expect(commands.map(({ lines }) => lines)).toEqual([[[5, 5]], [[15, 15]]]);
  });
});
