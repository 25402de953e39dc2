import type { Tool } from './tool.ts';

/** Sources, pipelines, services and configuration. Sources: each tool's own reference of commands. */
export const deliveryTools: Readonly<Record<string, Tool>> = {
  git: {
    valued:
      '-C -c --git-dir --work-tree -m --message -b -B --author --date --since --until -n --format --pretty --grep -F --depth --branch -o -u --upload-pack',
    read: `status, log, diff, show, blame, branch, tag, remote, rev-parse, rev-list, describe, ls-files, ls-remote, ls-tree, cat-file, config --get, config --list, config -l, config --get-all, shortlog, reflog, fetch --dry-run,
      grep, clean -n, stash list, stash show, worktree list, submodule status, merge-base, name-rev, for-each-ref, show-ref, symbolic-ref, version, var, whatchanged, range-diff, cherry, count-objects, fsck, bisect log, help, check-ignore, verify-commit, verify-tag,
      diff-tree, archive --list, notes show, notes list, remote -v, remote show, remote get-url, lfs ls-files, lfs status, branch --show-current, branch --list, branch -a, branch -r, branch -v, tag -l, tag --list, tag -n`,
    change: `add, commit, checkout, switch, restore, merge, rebase, cherry-pick, revert, pull, fetch, clone, init, mv, stash, submodule, worktree, am, apply, bisect, notes, lfs, config, remote add, remote set-url, remote rename, sparse-checkout, gc, maintenance, archive, format-patch, bundle, filter-repo, subtree: changes the working copy
      branch *, tag *, tag -a, tag -s, tag -m, branch -m, branch -M, branch -c, branch -u, branch --set-upstream-to: changes branches or tags
      push: publishes commits
      push --tags, push --follow-tags: publishes commits and tags`,
    destroy: `push --force, push -f, push --force-with-lease, push --mirror: overwrites published history
      push --delete, push -d, push --prune: deletes published branches or tags
      reset --hard, clean,  checkout -f, checkout --force, stash drop, stash clear, rm, branch -D, branch -d, branch --delete, tag -d, tag --delete, worktree remove, filter-branch, reflog expire, update-ref -d, remote remove, remote rm, gc --prune: throws work away`,
    dry: '--dry-run',
  },
  gh: {
    valued:
      '-R --repo -L --limit --json -q --jq -t --template -b --body -B --base -H --head --branch -w --workflow -f --field -F --raw-field -l --label -a --assignee -s --state -m --title -r --ref -X --method -e --env -n --notes',
    read: `pr list, pr view, pr status, pr checks, pr diff, issue list, issue view, issue status, run list, run view, run watch, run download, workflow list, workflow view, release list, release view, release download, repo view, repo list, repo clone, auth status, auth token,
      api, api -X=GET, api --method=GET, search, status, gist list, gist view, label list, cache list, secret list, variable list, variable get, version, browse, ruleset list, ruleset view, ruleset check, org list, ssh-key list, extension list, config get, config list, environment list, attestation verify, project list, project view`,
    change: `pr, issue, release, repo, workflow, run, auth, label, secret, variable, gist, cache, extension, alias, config, ssh-key, gpg-key, codespace, project: changes something on the host
      pr merge: merges
      workflow run, run rerun, run cancel: changes a pipeline
      release create: publishes a release
      api -f, api -F, api --field, api --raw-field, api --input, api -X, api --method: sends a request that may change something`,
    destroy: `repo delete, release delete, release delete-asset, issue delete, run delete, secret delete, variable delete, cache delete, label delete, gist delete, ssh-key delete, codespace delete, project delete, repo archive: deletes it
      api -X=DELETE, api --method=DELETE: deletes it`,
    outside: 'codespace ssh',
    interactive: 'auth login, codespace ssh',
  },
  glab: {
    valued: '-R --repo -b --branch -l --label -P -F -m -X --method',
    read: `mr list, mr view, mr diff, mr approvers, issue list, issue view, ci list, ci view, ci status, ci get, ci trace, pipeline list, release list, release view, repo view, repo list, repo search, auth status, api, variable list, variable get, version, job artifact, pipeline status`,
    change:
      'mr, issue, ci, pipeline, release, repo, auth, label, variable, alias, config, schedule, snippet: changes something on the host\n mr merge: merges',
    destroy:
      'mr delete, issue delete, release delete, repo delete, variable delete, ci delete, schedule delete, pipeline delete: deletes it',
    watches: 'ci trace',
  },
  svn: {
    read: 'status, st, log, diff, info, list, ls, cat, blame, proplist, propget',
    destroy: 'delete, rm, remove, revert: throws work away',
  },
  hg: {
    read: 'status, log, diff, summary, branches, tags, heads, id, cat, annotate, paths, incoming, outgoing',
    destroy: 'strip, purge, update -C, revert, rollback: throws work away',
  },
  'gitlab-ctl': {
    read: 'status, tail, show-config, diff-config, service-list, check-config, get-redis-master, patroni members',
    change:
      'start, restart, reconfigure, hup, once, upgrade, promote, deploy-page, registry-garbage-collect, pg-upgrade, patroni: changes the server',
    destroy: 'stop, kill, cleanse, uninstall, remove-accounts: stops or removes the server',
    watches: 'tail',
  },
  'gitlab-rake': {
    read: 'gitlab:check, gitlab:env:info, gitlab:doctor:secrets, gitlab:geo:check, db:migrate:status, gitlab:background_migrations:status, geo:status, gitlab:artifacts:check',
    change: '*: runs a task',
    destroy: 'gitlab:backup:restore, gitlab:cleanup:*: overwrites or deletes data',
  },
  'gitlab-runner': {
    read: 'list, status, verify, --version',
    change: 'register, start, restart, install, run: changes the runner',
    destroy: 'unregister, stop, uninstall: removes the runner',
  },
  circleci: { read: 'config validate, config process, diagnostic, version, context list' },
  'jenkins-cli': {
    read: 'list-jobs, get-job, console, version, who-am-i, list-plugins',
    destroy: 'delete-*, shutdown, safe-shutdown, quiet-down: deletes or stops',
  },
  ansible: {
    valued:
      '-i --inventory -m --module-name -a --args -u --user -l --limit -e --extra-vars -f --forks --private-key --become-user -T',
    read: '--list-hosts, * -m=ping, * --module-name=ping, * -m=setup, * --module-name=setup, * -m=debug, * --module-name=debug, --version, * -m=ansible.builtin.ping, * --module-name=ansible.builtin.ping, * -m=gather_facts, * --module-name=gather_facts, * -m=service_facts, * --module-name=service_facts, --check, -C',
    change: '*: runs a module on the hosts',
    outside: '*',
  },
  'ansible-playbook': {
    valued:
      '-i --inventory -l --limit -e --extra-vars -t --tags --skip-tags -u --user -f --forks --private-key --vault-password-file --start-at-task -M',
    read: '* --check, * -C, * --syntax-check, * --list-hosts, * --list-tasks, * --list-tags, --version',
    change: '*: runs a playbook',
    outside: '*',
  },
  'ansible-inventory': { otherwise: 'read' },
  'ansible-doc': { otherwise: 'read' },
  'ansible-lint': { otherwise: 'read' },
  'ansible-config': { otherwise: 'read' },
  'ansible-galaxy': {
    read: 'list, search, info, collection list, role list',
    change: 'install, collection install, role install: installs roles',
    destroy: 'remove, role remove: removes roles',
  },
  'ansible-vault': {
    read: 'view',
    change: 'create, edit, encrypt, encrypt_string, decrypt, rekey: changes a vault file',
    interactive: 'edit, create',
  },
  puppet: {
    joined: false,
    read: 'config print, module list, resource, facts, lookup, agent --noop, apply --noop, parser validate, cert list, ssl show',
    change: 'agent, apply, module, config set: applies a catalog',
    destroy: 'node deactivate, node purge, cert clean, node clean: removes a node',
  },
  salt: {
    anywhere: true,
    read: 'test.ping, test.version, grains.items, grains.get, status.*, *.list*, *.get*, pkg.version, service.status, disk.usage, network.*, pillar.items, pillar.get, manage.status, --version',
    change: '*: runs a function on the hosts',
    outside: '*',
    dry: 'test=True test=true',
  },
  knife: {
    anywhere: true,
    read: 'list, show, search, status, diff, exec',
    destroy: 'delete, bulk: deletes',
    outside: 'ssh',
  },
  systemctl: {
    valued: '-t --type -p --property -n --lines -o --output -H --host -M --machine --state -s --signal --root',
    read: `status, show, cat, list-units, list-unit-files, list-timers, list-sockets, list-dependencies, list-jobs, list-machines, is-active, is-enabled, is-failed, is-system-running, get-default, help, show-environment, --failed, --version`,
    change: `start, restart, reload, reload-or-restart, try-restart, try-reload-or-restart, enable, reenable, unmask, daemon-reload, daemon-reexec, set-property, edit, reset-failed, preset, set-default, link, revert, set-environment, import-environment, unset-environment, condrestart, thaw, freeze, add-wants: changes units
      stop: stops a unit
      disable, mask: keeps a unit from starting
      isolate, rescue: stops other units`,
    destroy:
      'poweroff, reboot, halt, kexec, emergency, soft-reboot, suspend, hibernate, default: stops the machine\n kill: kills a unit\n clean: deletes the data of a unit\n exit: ends the session',
    alone: 'read',
    interactive: 'edit',
  },
  service: {
    read: '* status, --status-all, * configtest, * check',
    change:
      '* start, * restart, * reload, * force-reload, * condrestart, * try-restart, * graceful, * stop, * upgrade, * rotate, *: changes a service',
  },
  'rc-service': { read: '* status', change: '*: changes a service' },
  supervisorctl: {
    valued: '-c -s -u -p',
    read: 'status, tail, pid, version, maintail, avail',
    change: 'start, restart, reload, update, reread, add, signal, clear: changes programs\n stop: stops programs',
    destroy: 'shutdown, remove: stops everything',
    alone: 'change',
    watches: 'tail -f, maintail -f',
  },
  sv: { read: 'status, check', change: '*: changes a service' },
  monit: {
    read: 'status, summary, report, validate',
    change: 'start, restart, reload, monitor, unmonitor, stop, quit: changes services',
  },
  pm2: {
    read: 'list, ls, status, show, describe, logs, info, monit, env, id, pid, prettylist, jlist',
    change:
      'start, restart, reload, scale, save, startup, reset, gracefulReload, flush, set, install, stop, sendSignal: changes processes',
    destroy: 'delete, kill, del: removes processes',
    watches: 'logs, monit',
  },
  launchctl: {
    read: 'list, print, blame, print-disabled',
    change: 'start, load, bootstrap, enable, kickstart, stop, disable, setenv: changes services',
    destroy: 'unload, bootout, remove: removes services',
  },
  journalctl: {
    otherwise: 'read',
    change: '--rotate, --flush, --sync, --relinquish-var: changes the journal',
    destroy: '--vacuum-size, --vacuum-time, --vacuum-files: deletes logs',
    watches: '-f, --follow',
    valued: '-u --unit -n --lines -S --since -U --until -p --priority -o --output -t --identifier -g --grep -b --boot',
  },
  rails: {
    read: 'db:migrate:status, about, routes, stats, notes, middleware, db:version, -v, --version, r --help, runner --help',
    change: '*: runs a task',
    destroy:
      'db:drop, db:reset, db:rollback, db:schema:load, db:purge, db:migrate:reset, db:setup, d, destroy: deletes or takes back data',
    interactive: 'console, c, dbconsole, db, credentials:edit',
  },
  rake: {
    read: '-T, --tasks, db:migrate:status, db:version, -P',
    change: '*: runs a task',
    destroy:
      'db:drop, db:reset, db:rollback, db:schema:load, db:purge, db:migrate:reset, db:setup: deletes or takes back data',
  },
  'django-admin': {
    read: 'showmigrations, check, diffsettings, version, inspectdb, sqlmigrate',
    destroy: 'flush: deletes all rows',
  },
  cap: { anywhere: true, read: '-T, --tasks, deploy:check, doctor', change: '*: runs a task', outside: '*' },
  promtool: {
    joined: false,
    read: 'check, query, test, tsdb analyze, tsdb list, debug, promql',
    change: 'tsdb create-blocks-from, push: writes data',
  },
  amtool: {
    anywhere: true,
    joined: true,
    read: 'alert, alert query, config, silence query, check-config, config show, config routes, cluster show, template',
    change: 'silence add, silence update, silence import, alert add: changes alerting',
    destroy: 'silence expire: ends a silence',
  },
  logcli: { otherwise: 'read', watches: 'query --tail, query -f', destroy: 'delete: deletes logs' },
  nginx: {
    joined: true,
    read: '-t, -T, -v, -V, -h',
    change: '-s=reload, -s=reopen, *, -c: changes the server',
    destroy: '-s=stop, -s=quit: stops the server',
    alone: 'change',
    valued: '-c -p -g',
  },
  apachectl: {
    read: 'configtest, status, fullstatus, -t, -S, -M, -v, -V',
    change: 'start, restart, graceful: changes the server',
    destroy: 'stop, graceful-stop: stops the server',
  },
  haproxy: { read: '-c, -v, -vv', change: '*: starts a server' },
  varnishadm: {
    anywhere: true,
    read: 'status, ping, backend.list, vcl.list, param.show, ban.list, panic.show, banner',
    change: 'vcl.load, vcl.use, param.set, start, backend.set_health: changes the cache',
    destroy: 'ban, stop, vcl.discard: empties or stops the cache',
  },
  certbot: {
    read: 'certificates, plugins, show_account',
    change: 'renew, certonly, run, install, register, enhance, update_account, reconfigure: changes certificates',
    destroy: 'delete, revoke, unregister, rollback: deletes certificates',
    dry: '--dry-run --test-cert',
  },
  keytool: {
    joined: false,
    read: '-list, -printcert, -printcertreq',
    change:
      '-genkeypair, -genkey, -importcert, -import, -exportcert, -certreq, -importkeystore, -storepasswd, -keypasswd: changes a key store',
    destroy: '-delete: deletes a key',
  },
  gpg: {
    joined: false,
    read: '--list-keys, -k, --list-secret-keys, -K, --verify, --fingerprint, --list-packets, --version, --list-sigs, --check-sigs, --show-keys',
    change:
      '--import, --recv-keys, --encrypt, -e, --decrypt, -d, --sign, -s, --gen-key, --edit-key, --export, --dearmor, -c: changes keys or writes files',
    destroy: '--delete-keys, --delete-key, --delete-secret-keys, --delete-secret-key: deletes keys',
  },
  sops: {
    joined: true,
    read: '-d, --decrypt, decrypt, filestatus, --version, --extract',
    change:
      '-e, --encrypt, encrypt, -i, --in-place, -r, --rotate, updatekeys, edit, set, unset, *: changes an encrypted file',
  },
  newrelic: { anywhere: true, read: 'get, list, search, query', destroy: 'delete: deletes' },
  pd: { anywhere: true, read: 'list, info, log, whoami, alerts, notes', destroy: 'delete: deletes' },
};
