import type { Tool } from './tool.ts';

const connection = `-n --namespace --context --cluster --user --kubeconfig -s --server --as --as-group --as-uid --token --request-timeout
  --certificate-authority --client-certificate --client-key --tls-server-name --cache-dir --profile -v --v`;

const kubectl: Tool = {
  valued: `${connection} -o --output -l --selector -f --filename -c --container --field-selector --sort-by --tail --since --since-time -p
    --patch --patch-file --type --timeout --for --replicas --image --from-literal --from-file --grace-period -L --label-columns -k --kustomize
    --limits --requests --max --min --cpu-percent --port --target-port --name --revision --to-revision --template --raw --duration --env -e
    --overrides --restart --schedule --from --field-manager --current-replicas --limit --chunk-size --address`,
  read: `get, describe, logs, top, explain, version, cluster-info, api-resources, api-versions, diff, wait, events, options, completion, kustomize,
    port-forward, rollout status, rollout history, auth can-i, auth whoami, config view, config get-contexts, config current-context,
    config get-clusters, config get-users, plugin list, help, tree, neat, who-can, view-secret, df-pv, resource-capacity, images, stern, tail,
    argo rollouts get, argo rollouts list, argo rollouts status, argo rollouts version, argo rollouts lint, argo rollouts dashboard,
    cert-manager status, cert-manager check, cnpg status, rook-ceph ceph status, ceph status, krew list, krew search, krew info, ns -c, ctx -c`,
  change: `apply, create, replace, patch, edit, set, label, annotate, expose, run, convert: changes objects
    scale, autoscale: changes the number of pods
    rollout restart: replaces all pods
    rollout undo: goes back to an earlier revision
    rollout pause, rollout resume: holds or resumes a rollout
    cordon, uncordon, taint: changes where pods are placed
    drain: evicts the pods of a node
    certificate: answers a certificate request
    cp: copies files
    attach, debug: enters a container
    delete pod, delete pods, delete po, delete pod/*, delete po/*, delete pods/*: deletes pods, their controller starts new ones
    proxy: opens the API on a local port
    argo rollouts: changes a rollout
    argo rollouts abort, argo rollouts undo: takes a rollout back
    krew: changes plugins
    config: changes the kubeconfig`,
  destroy: `delete: deletes objects
    delete pod --all, delete pods --all, delete po --all, delete pod -l, delete pods -l, delete po -l, delete pod --selector, delete pods --selector, delete po --selector: deletes pods by the group
    delete pod -A, delete pods -A, delete po -A, delete pod --force, delete pods --force, delete po --force, delete pod -f, delete pods -f: deletes pods without care
    replace --force: deletes and creates objects
    apply --prune: deletes objects that are not in the files
    drain --delete-emptydir-data, drain --force, drain --delete-local-data, drain --disable-eviction: removes pods with their data
    argo rollouts delete: deletes a rollout`,
  dry: '--dry-run --dry-run=client --dry-run=server --dry-run=true',
  outside: 'exec, debug, attach, cp, rsh, rsync',
  watches: `get -w, get --watch, get --watch-only, logs -f, logs --follow, port-forward, proxy, events -w, events --watch, stern, tail,
    argo rollouts get -w, argo rollouts get --watch, argo rollouts dashboard`,
  interactive: 'edit, attach -t, debug -t, run -t, exec -t, rsh, attach --tty, run --tty, exec --tty',
  target: `config use-context, config set, config set-context, config set-cluster, config set-credentials, config unset, config use,
    config rename-context, config delete-context, config delete-cluster, config delete-user, ctx, ns`,
};

/** Kubernetes and what runs on it. Sources: each tool's own reference of commands. */
export const kubernetesTools: Readonly<Record<string, Tool>> = {
  kubectl,
  k: kubectl,
  kubecolor: kubectl,
  oc: {
    ...kubectl,
    read: `${kubectl.read}, status, whoami, projects, get-token, adm top, adm policy who-can, adm node-logs, adm inspect, adm must-gather, registry info`,
    change: `${kubectl.change}\n new-app, new-project, new-build, start-build, process, import-image, tag, policy, adm: changes the cluster
      rsync: copies files`,
    target: `${kubectl.target}, login, project, logout`,
  },
  helm: {
    valued: `-n --namespace --kube-context --kubeconfig -f --values --set --set-string --set-file --set-json --version --timeout --repo -o
      --output --revision --history-max --description --post-renderer --registry-config --repository-cache --repository-config --max -d
      --destination --kube-apiserver --kube-token --kube-as-user -l --selector`,
    read: `list, ls, status, history, get, show, inspect, search, template, lint, version, env, verify, completion, dependency list, dep list,
      repo list, repo ls, repo update, plugin list, diff, help, secrets view, mapkubeapis --dry-run`,
    change: `install, upgrade: changes the release
      rollback: goes back to an earlier revision
      test: runs the tests of the release
      repo add, repo remove, plugin install: changes helm's own settings
      pull, fetch, package, push, create, dependency, dep: writes a chart`,
    destroy: `uninstall, delete, del, un: deletes the release
      upgrade --force, upgrade --cleanup-on-fail, rollback --force: deletes and creates objects`,
    dry: '--dry-run --dry-run=client --dry-run=server',
  },
  helmfile: {
    valued:
      '-f --file -e --environment -l --selector -n --namespace --kube-context --state-values-set --set --values --concurrency',
    read: 'diff, list, status, template, lint, build, deps, version, show-dag, write-values, fetch',
    change: 'apply, sync: changes the releases\n test: runs tests\n repos, init: changes settings',
    destroy: 'destroy, delete: deletes the releases',
  },
  kustomize: { read: 'build, version, cfg, completion', change: 'edit, create, localize: changes files' },
  kubectx: { read: '-c, --current', alone: 'read', otherwise: 'change', target: '*' },
  kubens: { read: '-c, --current', alone: 'read', otherwise: 'change', target: '*' },
  kubie: { read: 'info', target: 'ctx, ns', interactive: 'ctx' },
  kubeadm: {
    read: `version, config view, config images list, config print, certs check-expiration, upgrade plan, upgrade diff, token list, completion, token generate`,
    change:
      'init, join: changes the cluster\n upgrade: upgrades the cluster\n certs, kubeconfig, token, config: changes the cluster',
    destroy: 'reset: takes the node out of the cluster',
  },
  argocd: {
    valued: `--server --grpc-web-root-path --config --auth-token --core --kube-context --port-forward-namespace -o --output --revision --resource
      --timeout -p --parameter --dest-server --dest-namespace --repo --path --project -N --app-namespace -l --selector --values --sync-option`,
    read: `app list, app get, app diff, app history, app logs, app manifests, app resources, app wait, app get-resource, cluster list, cluster get,
      repo list, repo get, proj list, proj get, account list, account get, account get-user-info, account can-i, context, version,
      cert list, appset list, appset get, completion, admin settings validate, proj windows list`,
    change: `app sync, app set, app unset, app create, app edit, app patch, app actions run, app terminate-op, app add-source: changes the application
      app rollback: goes back to an earlier deployment
      proj windows: changes the sync windows`,
    destroy: `app delete, app delete-resource, appset delete: deletes the application
      app sync --prune, app sync --force, app sync --replace: deletes objects that are not in the source
      cluster rm, repo rm, proj delete: removes it from Argo CD`,
    target: 'login, relogin, logout',
    dry: '--dry-run',
    watches: 'app logs -f, app logs --follow',
  },
  argo: {
    valued:
      '-n --namespace --context --kubeconfig -o --output -l --selector -p --parameter -f --parameter-file --argo-server --status --since',
    read: `list, get, logs, watch, wait, lint, version, template list, template get, cron list, cron get, node, archive list, archive get, rollouts get,
      rollouts list, rollouts status`,
    change:
      'submit, resubmit, retry, resume, suspend, stop, terminate, template create, cron create, rollouts: changes a workflow',
    destroy: 'delete, template delete, cron delete, archive delete: deletes a workflow',
    watches: 'watch, logs -f, logs --follow',
  },
  'kubectl-argo-rollouts': {
    valued: connection,
    read: 'get, list, status, version, lint',
    change: 'promote, abort, retry, restart, pause, set, undo, create: changes a rollout',
    destroy: 'delete: deletes a rollout',
    watches: 'get -w, get --watch, dashboard',
  },
  flux: {
    valued: `${connection} --timeout --source --path --branch --tag --url --interval --export --components --owner --repository --revision -l`,
    read: `get, logs, events, check, tree, trace, stats, version, diff, build, export, debug, list, envsubst, completion`,
    change: `reconcile, suspend, resume: changes what Flux does
      bootstrap, install: installs Flux
      create, tag, push, pull: changes sources`,
    destroy: 'delete: deletes the object and what it manages\n uninstall: removes Flux',
    watches: 'logs -f, logs --follow, get -w, get --watch, events -w, events --watch',
  },
  flagger: { read: 'check' },
  istioctl: {
    valued: `${connection} -i --istioNamespace -f --filename --set --revision -r -o --output -d --manifests`,
    read: `analyze, proxy-status, ps, proxy-config, pc, version, validate, describe, x describe, x precheck, experimental precheck, bug-report,
      manifest generate, manifest diff, profile list, profile dump, verify-install, tag list, x check-inject, x injector list, kube-inject,
      remote-clusters, metrics, x metrics`,
    change: 'install, upgrade, operator, tag, create-remote-secret, dashboard, admin: changes the mesh',
    destroy: 'uninstall, x uninstall, operator remove, tag remove: removes the mesh',
    watches: 'dashboard, dash, d',
    dry: '--dry-run',
  },
  linkerd: {
    valued: connection,
    read: `check, version, stat, top, tap, routes, edges, metrics, diagnostics, profile, inject, install, upgrade, uninstall, prune, uninject, viz stat, viz top,
      viz tap, viz edges, viz routes, viz check, viz install, identity, authz, completion, multicluster check, multicluster gateways`,
    watches: 'top, tap, viz top, viz tap, viz dashboard, dashboard',
  },
  cilium: {
    valued: connection,
    read: `status, version, config view, endpoint list, endpoint get, monitor, bpf list, policy get, identity list, service list, connectivity, node list,
      encryption status, hubble port-forward, sysdump, clustermesh status, bgp peers, observe`,
    change: 'install, upgrade, config set, hubble enable, hubble disable, clustermesh, encryption: changes the network',
    destroy: 'uninstall: removes the network\n endpoint disconnect, bpf flush: cuts connections',
    watches: 'monitor',
  },
  hubble: { read: 'observe, status, list, version, watch', watches: 'observe -f, observe --follow' },
  calicoctl: {
    valued: `${connection} -f -o`,
    read: 'get, node status, version, ipam show, ipam check, node diags, cluster diags, datastore migrate export',
    change: 'apply, create, replace, patch, label, convert, node run, ipam configure, datastore: changes the network',
    destroy: 'delete: deletes network objects\n ipam release: releases addresses',
  },
  velero: {
    valued: `${connection} --include-namespaces --exclude-namespaces --include-resources --exclude-resources --from-backup --from-schedule --ttl
      --schedule -l --selector -o --storage-location --namespace-mappings --timeout`,
    read: `get, describe, version, backup get, backup describe, backup logs, backup download, restore get, restore describe, restore logs,
      schedule get, schedule describe, backup-location get, snapshot-location get, repo get, client config get, plugin get, completion`,
    change: `create, backup create, schedule create, schedule pause, schedule unpause: writes a backup
      restore, restore create: restores objects over what is there
      install, plugin, backup-location, snapshot-location, client, repo: changes velero`,
    destroy:
      'delete, backup delete, restore delete, schedule delete, backup-location delete: deletes backups\n uninstall: removes velero',
  },
  cmctl: {
    valued: connection,
    read: 'status, check, version, inspect, completion',
    change: 'renew, approve, deny, create, convert: changes certificates',
  },
  kubeseal: { otherwise: 'read' },
  stern: { otherwise: 'read', watches: '*, -*' },
  kubetail: { otherwise: 'read', watches: '*, -*' },
  kail: { otherwise: 'read', watches: '*, -*' },
  k9s: { read: 'version, info', interactive: '*, -*', otherwise: 'change', alone: 'change' },
  popeye: { otherwise: 'read' },
  pluto: { otherwise: 'read' },
  kubent: { otherwise: 'read' },
  kubeval: { otherwise: 'read' },
  kubeconform: { otherwise: 'read' },
  'kube-score': { otherwise: 'read' },
  conftest: { read: 'test, verify, parse', change: 'pull, push: fetches policies' },
  etcdctl: {
    valued: `--endpoints --cacert --cert --key --user --command-timeout --dial-timeout -w --write-out --limit --rev --prefix-end --lease`,
    read: `get, watch, endpoint health, endpoint status, endpoint hashkv, member list, alarm list, snapshot status, version, user list, user get, role list,
      role get, auth status, check perf, check datascale, lease list, lease timetolive, ls`,
    change: `put, set, mk, txn, lock, elect, move-leader, member add, member promote, member update, alarm disarm, compaction, compact, defrag, auth, user, role,
      lease grant, lease keep-alive: changes etcd
      snapshot save: writes a snapshot`,
    destroy: `del, rm, rmdir: deletes keys
      member remove: removes a member
      snapshot restore: replaces the data of a member
      lease revoke: deletes the keys of a lease`,
    watches: 'watch',
  },
  etcdutl: {
    read: 'snapshot status, version, hashkv',
    change: 'defrag: rewrites the data',
    destroy: 'snapshot restore: replaces the data of a member',
  },
  kind: {
    read: 'get, version, export logs',
    change: 'create, load, export: changes local clusters',
    destroy: 'delete: deletes a local cluster',
  },
  minikube: {
    read: 'status, ip, logs, profile list, version, service list, dashboard --url, addons list, config view, docker-env, node list, kubectl',
    change:
      'start, stop, pause, unpause, addons, config, image, cache, mount, tunnel, node, update-context: changes the local cluster',
    destroy: 'delete: deletes the local cluster',
    outside: 'ssh',
    interactive: 'ssh',
    watches: 'tunnel, mount, dashboard',
    target: 'update-context, profile',
  },
  k3d: {
    read: 'cluster list, node list, version, registry list',
    destroy: 'cluster delete, node delete, registry delete: deletes a local cluster',
    target: 'kubeconfig merge',
  },
  eksctl: {
    valued:
      '-r --region -p --profile --cluster -n --name -f --config-file -o --output --nodes --nodes-min --nodes-max --version --timeout -v',
    read: 'get, info, version, utils describe-stacks, utils nodegroup-health, completion, utils schema',
    change: `create, upgrade, scale, set, update, associate, enable, drain, utils, register, unset: changes the cluster`,
    destroy: 'delete, deregister, disassociate: deletes from the cluster',
    target: 'utils write-kubeconfig, create cluster',
    dry: '--dry-run --plan',
  },
  kops: {
    valued: '--name --state -o --output --target',
    read: 'get, validate, version, toolbox dump, completion, update cluster',
    change:
      'create, edit, replace, upgrade, promote, update cluster --yes: changes the cluster\n rolling-update: replaces nodes',
    destroy: 'delete: deletes the cluster',
    target: 'export',
  },
  rancher: {
    read: 'clusters ls, ps, projects ls, nodes ls, inspect, settings get',
    change: 'up, kubectl, app: changes the cluster',
    target: 'login, context switch',
  },
  tkn: {
    valued: connection,
    read: `pipeline list, pipeline describe, pipelinerun list, pipelinerun describe, pipelinerun logs, taskrun list, taskrun logs, taskrun describe,
      task list, task describe, version, pr list, pr logs, pr describe, tr list, tr logs, pipeline logs, p list, hub search`,
    change: 'pipeline start, task start, pipelinerun cancel, taskrun cancel, bundle, hub install: runs pipelines',
    destroy: 'pipeline delete, pipelinerun delete, task delete, taskrun delete: deletes pipelines',
  },
  vcluster: {
    read: 'list, version, logs, describe',
    change: 'create, pause, resume: changes virtual clusters',
    destroy: 'delete: deletes a virtual cluster',
    target: 'connect, disconnect',
  },
};
