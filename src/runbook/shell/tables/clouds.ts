import type { Tool } from './tool.ts';

const gcloudVerbs: Pick<Tool, 'read' | 'change' | 'destroy'> = {
  read: `list, describe, get-iam-policy, get-value, info, version, print-access-token, print-identity-token, read, tail, wait, get-server-config, lookup,
    list-*, get-ancestors-iam-policy, search-*, check-*, test-iam-permissions, get-serial-port-output, get-health, diff, troubleshoot, access, revisions list`,
  change: `create, update, add-*, set-*, deploy, start, stop, resize, patch, enable, import, export, copy, move, restart, reset, resume, suspend, submit,
    promote-replica, rollback, upgrade, publish, pull, ack, apply, run, execute, attach-*, detach-*, login, configure-docker, activate-service-account,
    update-traffic, rolling-action, rolling-update, failover, clone, scp, install, init, set: changes cloud resources`,
  destroy: `delete, remove-*, destroy, purge, disable, abandon-instances, delete-instances, restore, revoke, undelete, cancel: deletes or disables cloud resources`,
};

/** Clouds and infrastructure as code. Sources: each tool's own reference of commands. */
export const cloudTools: Readonly<Record<string, Tool>> = {
  aws: {
    valued: `--region --profile --output --query --endpoint-url --cli-read-timeout --cli-connect-timeout --ca-bundle --color --max-items --page-size
      --starting-token --cluster --service --services --tasks --filters --instance-ids --name --names --table-name --stack-name --function-name`,
    joined: false,
    read: `* describe-*, * list-*, * get-*, * head-*, * lookup-*, * search-*, * batch-get-*, * filter-*, * select-*, * query, * scan, * wait, * ls, * test-*, * validate-*,
      * check-*, * estimate-*, * simulate-*, * preview-*, * detect-*, * view-*, * poll-*, * tail, help, sts *, s3 ls, s3 presign, configure list, configure list-profiles, configure get,
      ecr get-login-password, ecr get-login, logs tail, logs start-query, logs filter-log-events, cloudformation detect-stack-drift, dynamodb transact-get-items, sqs receive-message,
      eks get-token, rds generate-db-auth-token, athena get-query-results, deploy list, ssm get-*, secretsmanager get-*, secretsmanager list-*, * help, lambda get-*, iam generate-credential-report`,
    change: `* create-*, * put-*, * update-*, * modify-*, * start-*, * run-*, * set-*, * add-*, * attach-*, * associate-*, * register-*, * enable-*, * tag-*, * copy-*,
      * import-*, * restore-*, * reboot-*, * stop-*, * send-*, * publish, * invoke, * deploy, * execute-*, * failover-*, * promote-*, * rotate-*, * request-*, * apply-*,
      * change-*, * assign-*, * allocate-*, * authorize-*, * replace-*, * reset-*, * resume-*, * suspend-*, * upload-*, * untag-*: changes cloud resources
      s3 cp, s3 sync, s3 mv, s3 mb, s3 website: writes objects
      configure, sso login, sso logout: changes the login
      eks update-kubeconfig: changes the kubeconfig`,
    destroy: `* delete-*, * terminate-*, * deregister-*, * remove-*, * destroy-*, * purge-*, * detach-*, * disassociate-*, * revoke-*, * disable-*, * cancel-*, * release-*,
      * batch-delete-*, * schedule-key-deletion, * reject-*, * abort-*, * deactivate-*, * disconnect-*: deletes or cuts off cloud resources
      s3 rm, s3 rb: deletes objects
      s3 sync --delete, s3 mv --recursive: deletes objects`,
    dry: '--dry-run --dryrun --generate-cli-skeleton --no-execute-changeset',
    outside: 'ssm start-session, ssm send-command, ecs execute-command, ec2-instance-connect ssh',
    interactive: 'ssm start-session, ecs execute-command, configure, configure sso',
    watches: 'logs tail --follow',
    target: 'eks update-kubeconfig',
  },
  gcloud: {
    ...gcloudVerbs,
    anywhere: true,
    joined: false,
    valued: `--project --account --configuration --region --zone --format --filter --limit --impersonate-service-account --verbosity --cluster --location
      --instance --database --billing-project --sort-by --page-size`,
    read: `${gcloudVerbs.read}, config list, config get, auth list, compute ssh --dry-run`,
    change: `${gcloudVerbs.change}\n config set, config configurations activate, config unset: changes the active project\n get-credentials: changes the kubeconfig`,
    outside: 'compute ssh, compute scp, cloud-shell ssh, app instances ssh',
    interactive: 'compute ssh, init, auth login',
    answered: '--quiet, -q',
    watches: 'logging tail, app logs tail, beta logging tail, logs tail',
    target:
      'container clusters get-credentials, container fleet memberships get-credentials, container hub memberships get-credentials',
  },
  gsutil: {
    valued: '-h -o -u',
    read: 'ls, cat, stat, du, hash, version, help, getmeta, acl get, iam get, lifecycle get, versioning get, logging get, cors get, defacl get, retention get',
    change:
      'cp, rsync, mb, setmeta, acl, iam, lifecycle, versioning, logging, cors, defacl, rewrite, compose, notification, retention: changes objects\n mv: moves objects',
    destroy: 'rm, rb: deletes objects\n rsync -d: deletes objects that are not in the source',
  },
  bq: {
    valued: '--project_id --dataset_id --location --format',
    joined: false,
    read: 'ls, show, head, version, wait, query --dry_run',
    change: 'query, load, cp, mk, update, insert, extract: changes tables',
    destroy: 'rm: deletes tables\n truncate: deletes rows',
  },
  az: {
    anywhere: true,
    joined: true,
    valued: `-g --resource-group -n --name -s --subscription -o --output --query --vault-name --account-name --cluster-name --server-name --location -l --ids`,
    read: `list, show, list-*, show-*, get-*, check-*, exists, wait, version, find, download, graph query, tail, query, what-if, validate, export, account show, rest -m get`,
    change: `create, update, set, add, start, restart, stop, scale, upgrade, deploy, import, up, move, assign, login, logout, redeploy, swap, enable, generate, config, run,
      apply, attach, detach, link, regenerate, renew, rotate, sync, failover, nodepool, upload, upload-batch, copy, resize, invoke, rest, promote: changes cloud resources
      get-credentials: changes the kubeconfig`,
    destroy:
      'delete, remove, purge, disable, deallocate, delete-batch, revoke, clear, restore, unassign, unlink: deletes or cuts off cloud resources',
    outside: 'vm run-command, ssh, aks command, container exec, webapp ssh, acr run',
    interactive: 'ssh vm, webapp ssh, container exec, interactive',
    watches: 'webapp log tail, log tail',
    target: 'aks get-credentials, account set',
  },
  doctl: {
    anywhere: true,
    read: 'list, get, version, logs, account get, ls',
    change: 'create, update, add, resize, apply, power-on, reboot, rename, tag, enable, auth: changes cloud resources',
    destroy: 'delete, remove, destroy, power-off, shutdown, rm: deletes or stops cloud resources',
    target: 'kubernetes cluster kubeconfig save, k8s cluster kubeconfig save',
    outside: 'compute ssh',
  },
  hcloud: {
    anywhere: true,
    read: 'list, describe, version, metrics',
    destroy: 'delete, poweroff, rebuild, reset, remove-*, detach: deletes or stops cloud resources',
    outside: 'server ssh',
  },
  'linode-cli': {
    anywhere: true,
    read: 'list, view, *-list, *-view, ls',
    destroy: 'delete, *-delete, rm, shutdown, rebuild: deletes or stops cloud resources',
  },
  ibmcloud: {
    anywhere: true,
    read: 'list, get, ls, show, target, version, *-list, info',
    destroy: 'delete, rm, remove, *-delete: deletes cloud resources',
    target: 'ks cluster config, login, cs cluster-config',
  },
  oci: {
    anywhere: true,
    joined: false,
    read: 'list, get, head, search, list-*, get-*, summarize-*',
    destroy: 'delete, terminate, bulk-delete, purge, delete-*, detach: deletes cloud resources',
    target: 'ce cluster create-kubeconfig',
  },
  openstack: {
    anywhere: true,
    read: 'list, show, version, catalog, usage, console log',
    destroy: 'delete, remove, unset, stop, shelve, rebuild: deletes or stops cloud resources',
    outside: 'server ssh',
  },
  terraform: {
    joined: false,
    valued: '-target -var -var-file -out -lock-timeout -parallelism -state -state-out -backup -backend-config',
    read: `plan, show, output, validate, version, providers, graph, console, get, fmt -check, workspace list, workspace show, state list, state show, state pull, metadata, modules, login`,
    change: `apply: changes the infrastructure
      init, fmt, refresh, workspace new, workspace select, providers lock, providers mirror, test: changes local files or state
      import, taint, untaint, state mv, state push, state replace-provider, force-unlock: changes the state`,
    destroy: `destroy, apply -destroy: deletes the infrastructure
      apply -auto-approve, apply --auto-approve: changes the infrastructure without showing the plan
      state rm, workspace delete: forgets resources`,
    interactive: 'apply, destroy, console, login',
    answered: 'apply *, -auto-approve, --auto-approve, -input=false',
  },
  terragrunt: {
    joined: false,
    read: 'plan, show, output, validate, version, run-all plan, run-all validate, run-all output, graph-dependencies, hclfmt --check, state list, state show, render, find, list',
    change: 'apply, run-all apply, init, refresh, import, taint, hclfmt: changes the infrastructure',
    destroy: 'destroy, run-all destroy, state rm: deletes the infrastructure',
  },
  pulumi: {
    valued: '-s --stack -C --cwd -m --message -t --target',
    read: 'preview, stack ls, stack output, stack history, whoami, version, about, logs, config get, stack graph, stack export, org get-default, plugin ls, stack',
    change:
      'up, update, refresh, import, stack init, stack select, stack import, config set, config, login, logout, new, install, watch: changes the infrastructure',
    destroy: 'destroy, stack rm, state delete, cancel: deletes the infrastructure',
    watches: 'logs -f, logs --follow, watch',
  },
  cdk: {
    read: 'diff, synth, synthesize, ls, list, doctor, version, metadata, notices',
    change: 'deploy, bootstrap, import, watch, init: changes the infrastructure',
    destroy: 'destroy: deletes the infrastructure',
  },
  sam: {
    read: 'validate, logs, list',
    change: 'build, deploy, sync, package, local: changes the stack',
    destroy: 'delete: deletes the stack',
    watches: 'logs -t, logs --tail',
  },
  serverless: {
    read: 'info, logs, print, metrics, package, doctor, deploy list',
    change: 'deploy, invoke: changes the service',
    destroy: 'remove: deletes the service',
    watches: 'logs -t',
  },
  copilot: {
    anywhere: true,
    read: 'ls, show, status, logs, version',
    destroy: 'delete: deletes the service',
    watches: 'logs --follow',
    outside: 'exec',
  },
  packer: { read: 'validate, inspect, version, fmt -check', change: 'build, init, fmt, plugins: builds images' },
  infracost: { otherwise: 'read' },
  tflint: { otherwise: 'read' },
  tfsec: { otherwise: 'read' },
  checkov: { otherwise: 'read' },
  driftctl: { otherwise: 'read' },
  vault: {
    joined: false,
    valued: '-address -namespace -format -field -mount -output -method -path -ttl -policy',
    read: `read, list, status, kv get, kv list, kv metadata get, token lookup, token capabilities, secrets list, auth list, policy read, policy list, policy fmt, audit list, lease lookup,
      version, operator raft list-peers, operator raft autopilot state, operator members, operator key-status, operator diagnose, path-help, print, namespace list, monitor, debug, version-history, plugin list, plugin info`,
    change: `write, patch, kv put, kv patch, kv rollback, kv enable-versioning, token create, token renew, lease renew, secrets enable, secrets tune, secrets move, auth enable, auth tune, policy write, audit enable,
      operator init, operator unseal, operator rotate, operator rekey, operator step-down, operator raft join, operator raft snapshot save, namespace create, login, unwrap, agent, server, ssh, transit, pki, plugin: changes Vault`,
    destroy: `delete, kv delete, kv destroy, kv metadata delete, kv undelete, policy delete, namespace delete, secrets disable, auth disable, audit disable, token revoke, lease revoke: deletes secrets or access
      operator seal: seals Vault
      operator raft remove-peer, operator raft snapshot restore: removes a member or replaces the data`,
    watches: 'monitor',
  },
  consul: {
    joined: false,
    read: `members, info, monitor, version, catalog, kv get, kv export, operator raft list-peers, operator autopilot state, operator autopilot get-config, acl list, acl token list, acl token read, acl policy list,
      acl policy read, acl role list, config read, config list, connect ca get-config, intention check, intention list, intention get, intention match, rtt, validate, services export, debug, snapshot inspect, troubleshoot, watch, lock`,
    change: `kv put, kv import, services, event, exec, reload, join, maint, connect, intention create, config write, acl, snapshot save, keyring, login, logout, agent, operator, tls, peering: changes Consul`,
    destroy: `kv delete, services deregister, intention delete, config delete, acl token delete, acl policy delete, acl role delete, peering delete: deletes from Consul
      leave, force-leave, operator raft remove-peer: removes a member
      snapshot restore: replaces the data`,
    watches: 'monitor, watch',
  },
  nomad: {
    joined: false,
    read: `status, job status, job plan, job history, job inspect, job validate, job allocs, job deployments, node status, alloc status, alloc logs, alloc fs, server members, eval status, eval list, deployment status, deployment list, version, plan,
      logs, fs, inspect, validate, volume status, acl token self, operator raft list-peers, operator autopilot get-config, var get, var list, monitor, ui, quota status, namespace list, service list, service info, agent-info, node config, system`,
    change: `run, job run, job dispatch, job revert, job promote, job scale, job restart, job start, deployment promote, deployment pause, deployment resume, node eligibility, node drain, alloc restart, alloc signal, alloc exec, acl, var put, volume, namespace apply, server join, operator, system gc: changes the cluster`,
    destroy: `stop, job stop: stops the job
      alloc stop, deployment fail, node purge, volume delete, volume deregister, namespace delete, var purge, acl token delete, operator raft remove-peer, server force-leave: removes from the cluster`,
    outside: 'alloc exec, exec',
    watches: 'monitor, logs -f, alloc logs -f',
  },
  op: {
    read: 'read, item get, item list, vault list, whoami, account list, document get, user list, inject, get, list',
    change: 'item create, item edit, signin, signout: changes 1Password',
    destroy: 'item delete, document delete, vault delete: deletes secrets',
  },
  flyctl: {
    anywhere: true,
    read: 'status, logs, list, show, info, version, releases, doctor, ips list, checks list, machine status, config show, history',
    change: 'deploy, scale, restart, set, create, launch, open, auth, start, clone, update, import: changes the app',
    destroy: 'destroy, delete, unset, stop, suspend, detach, release: deletes or stops the app',
    outside: 'ssh',
    interactive: 'ssh console, console',
    watches: 'logs',
  },
  heroku: {
    read: `logs, ps, config, config:get, releases, releases:info, releases:output, apps, apps:info, info, status, addons, addons:info, domains, certs, certs:info, pg:info, pg:ps, pg:diagnose, pg:locks, pg:long-running-queries,
      pg:backups, pg:backups:info, maintenance, version, regions, pipelines, pipelines:info, access, auth:whoami, drains, redis:info, pg:outliers, whoami`,
    change: `config:set, config:edit, ps:scale, ps:restart, ps:resize, restart, ps:type, releases:rollback, rollback, maintenance:on, maintenance:off, run, addons:create, addons:upgrade, create, pg:backups:capture, pg:promote, pipelines:promote, login, git:remote, domains:add, certs:update: changes the app`,
    destroy:
      'apps:destroy, destroy, config:unset, addons:destroy, pg:reset, pg:backups:restore, pg:backups:delete, pg:killall, pg:kill, ps:kill, ps:stop, domains:remove, certs:remove: deletes data or access',
    outside: 'run, ps:exec',
    interactive: 'run bash, ps:exec, pg:psql, run console, run rails, login',
    watches: 'logs -t, logs --tail',
  },
  vercel: { read: 'ls, list, inspect, logs, whoami, env ls', destroy: 'rm, remove, env rm: deletes deployments' },
  netlify: { read: 'status, sites:list, logs, env:list, env:get', destroy: 'sites:delete, env:unset: deletes' },
  wrangler: {
    read: 'whoami, tail, deployments list, kv key list, kv key get, versions list',
    destroy: 'delete, kv key delete, r2 bucket delete: deletes',
    watches: 'tail',
  },
  cf: {
    read: 'apps, app, logs, services, service, env, routes, spaces, orgs, target, events, buildpacks, domains, curl, a, v3-apps, version, service-keys, users, org-users, quotas, stacks',
    change:
      'push, restart, restage, scale, start, set-env, bind-service, map-route, create-service, login, rename, enable-ssh, run-task, update-service, p: changes the app\n stop: stops the app',
    destroy: 'delete, delete-*, unbind-service, unmap-route, unset-env, d: deletes the app or its links',
    outside: 'ssh',
    interactive: 'ssh, login',
    watches: 'logs',
    target: 'target -s, target -o',
  },
  kamal: {
    read: 'app details, app logs, app containers, audit, version, details, config, proxy details, lock status, app version, app images',
    change:
      'deploy, redeploy, setup, app boot, app start, app stop, app exec, build, envify, env, proxy, accessory: changes the app',
    destroy: 'remove, app remove, accessory remove, prune: deletes the app',
    outside: 'app exec',
  },
};
