import type { Tool } from './tool.ts';

/** Packages of the system and of languages, and what builds them. */
export const packageTools: Readonly<Record<string, Tool>> = {
  apt: {
    valued: '-o -t --target-release',
    read: 'list, search, show, policy, depends, rdepends, changelog, showsrc, madison, --version',
    change:
      'update, install, upgrade, reinstall, build-dep, download, source, satisfy, edit-sources: changes packages\n full-upgrade, dist-upgrade: changes packages, may remove some',
    destroy: 'remove, purge, autoremove, autopurge: removes packages',
    dry: '-s --simulate --dry-run --just-print',
  },
  'apt-get': {
    valued: '-o -t --target-release',
    read: 'check, changelog, indextargets',
    change:
      'update, install, upgrade, build-dep, download, source, dist-upgrade, satisfy, dselect-upgrade: changes packages',
    destroy: 'remove, purge, autoremove, autopurge: removes packages',
    dry: '-s --simulate --dry-run --just-print --no-act --recon',
  },
  'apt-cache': { otherwise: 'read' },
  'apt-mark': { read: 'show*', change: '*: marks packages' },
  'apt-config': { otherwise: 'read' },
  dpkg: {
    read: '-l, --list, -s, --status, -L, --listfiles, -S, --search, --get-selections, -c, --contents, -I, --info, --print-architecture, --audit, -C, --verify, -V, -p, --compare-versions, --version',
    change: '-i, --install, --configure, --unpack, -a, --set-selections, --add-architecture: changes packages',
    destroy: '-r, --remove, -P, --purge: removes packages',
  },
  'dpkg-query': { otherwise: 'read' },
  yum: {
    valued: '-c --config --enablerepo --disablerepo --installroot -x --exclude',
    read: 'list, search, info, check-update, check, provides, whatprovides, repolist, history, history list, history info, deplist, updateinfo, grouplist, group list, repoquery, version, groupinfo, list-sec, makecache, repoinfo',
    change:
      'install, update, upgrade, reinstall, localinstall, downgrade, groupinstall, group install, distro-sync, versionlock, history undo, history rollback, config-manager, module, swap, update-minimal: changes packages',
    destroy: 'remove, erase, autoremove, groupremove, group remove: removes packages',
  },
  rpm: {
    read: '-q, --query, -V, --verify, -K, --checksig, --eval, --showrc, --version',
    change: '-i, -U, -F, --install, --upgrade, --import, --rebuilddb, --freshen: changes packages',
    destroy: '-e, --erase: removes packages',
  },
  zypper: {
    valued: '-R',
    read: 'search, se, info, if, list-updates, lu, repos, lr, packages, pa, patches, list-patches, lp, services, locks, ll, what-provides, patch-check',
    destroy: 'remove, rm, clean, cc, removerepo, rr: removes packages',
    dry: '--dry-run -D',
  },
  pacman: {
    read: '-Q, -F, -T, -Ss, -Si, -Sl',
    change: '-S, -U, -D: changes packages',
    destroy: '-R: removes packages',
  },
  apk: {
    read: 'info, list, search, policy, audit, version, stats, dot',
    destroy: 'del: removes packages',
    change: 'add, update, upgrade, fix, fetch, cache: changes packages',
  },
  brew: {
    read: 'list, ls, info, search, outdated, doctor, config, deps, uses, leaves, home, log, --version, --prefix, services list, tap-info, desc, missing, cat, --cellar, commands',
    destroy: 'uninstall, remove, rm, cleanup, autoremove, untap, zap: removes packages',
    change: 'install, upgrade, update, tap, services, link, unlink, pin, bundle, reinstall: changes packages',
    dry: '--dry-run -n',
  },
  snap: {
    read: 'list, info, find, services, changes, version, connections, logs, get, tasks',
    destroy: 'remove: removes packages',
  },
  flatpak: { read: 'list, info, search, remotes, history', destroy: 'uninstall, remove: removes packages' },
  npm: {
    valued: '--prefix --registry -w --workspace --tag --otp --userconfig --loglevel',
    read: 'ls, list, view, info, show, outdated, audit, config get, config list, config ls, root, prefix, bin, whoami, ping, search, explain, why, doctor, pack --dry-run, version --help, docs, fund, query, help, token list, access list, owner ls, dist-tag ls, dist-tags ls',
    change:
      'install, i, ci, update, run, run-script, start, test, exec, version, link, rebuild, init, config set, audit fix, login, logout, prune, dedupe, add, create, build, pack, stop, restart, it, t, set: runs scripts or changes packages\n publish, dist-tag, deprecate, owner, access: publishes',
    destroy: 'uninstall, remove, rm, un: removes packages\n unpublish: takes a published package away',
    dry: '--dry-run',
  },
  pnpm: {
    read: 'ls, list, outdated, why, audit, root, bin, licenses, store path, config get',
    destroy: 'remove, rm, uninstall, un, store prune, prune: removes packages',
  },
  yarn: {
    read: 'list, info, outdated, why, audit, versions, config get, licenses, bin, npm audit, workspaces list, workspaces info, --version',
    destroy: 'remove: removes packages',
  },
  pip: {
    valued: '-r --requirement -i --index-url -t --target',
    read: 'list, show, freeze, check, search, index, --version, config list, debug, inspect, cache list, download --dry-run',
    change: 'install, download, wheel, config: changes packages',
    destroy: 'uninstall: removes packages',
  },
  poetry: {
    read: 'show, check, env info, env list, version, search, config --list, about',
    destroy: 'remove, env remove: removes packages',
  },
  uv: {
    read: 'pip list, pip show, pip freeze, tree, version, python list, tool list, pip check, pip tree',
    destroy: 'remove, pip uninstall, tool uninstall: removes packages',
  },
  gem: {
    read: 'list, search, info, env, environment, which, outdated, dependency, contents, query',
    destroy: 'uninstall, cleanup, yank: removes packages',
  },
  bundle: {
    read: 'list, show, info, check, outdated, config get, config list, platform, env, version, audit, licenses, config',
    destroy: 'remove: removes packages',
  },
  go: {
    joined: false,
    read: 'version, env, list, vet, doc, mod graph, mod verify, mod why, help',
    change: 'build, run, test, install, get, generate, fmt, mod, work, tool: builds or runs code',
  },
  cargo: {
    read: 'check, tree, metadata, search, --version, audit, outdated, verify-project, info',
    destroy: 'uninstall, yank: removes versions',
  },
  mvn: {
    anywhere: true,
    joined: false,
    read: 'validate, dependency:tree, help:*, -v, --version, dependency:analyze, versions:display-*',
    change: 'compile, test, package, verify, install, deploy, spring-boot:run: builds or publishes',
  },
  gradle: {
    anywhere: true,
    joined: false,
    read: 'tasks, dependencies, projects, properties, --version, dependencyInsight',
  },
  make: {
    valued: '-C -f -j --directory --file',
    read: '-n, --dry-run, --just-print, -q, --question, --version',
    change: '*: runs a target',
  },
};
