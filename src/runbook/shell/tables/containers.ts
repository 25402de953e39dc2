import type { Tool } from './tool.ts';

const compose = `ps, logs, config, images, top, port, version, ls, events, stats, convert`;
const composeOptions =
  '-f --file -p --project-name --profile --env-file --project-directory --ansi -e -u -w --scale -t --timeout --tail --since';

const docker: Tool = {
  valued: `-H --host -c --context -l --log-level --config --tlscacert --tlscert --tlskey --name -v --volume -p --publish -e --env --env-file
    --network --entrypoint -u --user -w --workdir --filter -n --tail --since --until --format --label --mount --restart -m --memory --cpus
    -t --tag --file --build-arg --target --platform --pull --time --signal --detach-keys ${composeOptions}`,
  read: `ps, images, logs, inspect, info, version, stats, top, port, history, diff, search, events, container ls, container list, container ps,
    container logs, container inspect, container stats, container top, container port, container diff, image ls, image list, image inspect,
    image history, volume ls, volume inspect, network ls, network inspect, system df, system info, system events, node ls, node inspect, node ps,
    service ls, service ps, service logs, service inspect, stack ls, stack ps, stack services, context ls, context show, context inspect, manifest inspect,
    config ls, config inspect, secret ls, secret inspect, buildx ls, buildx inspect, buildx imagetools inspect, buildx du, plugin ls, builder du, wait,
    scout, swarm join-token, swarm ca, trust inspect, ${compose
      .split(', ')
      .map((verb) => `compose ${verb}`)
      .join(', ')}`,
  change: `run, create, start, stop, restart, kill, pause, unpause, rename, update, container, build, buildx, commit, tag, pull, load, import, cp, attach: changes containers or images
    push, image push: publishes an image
    compose up, compose start, compose stop, compose restart, compose pull, compose build, compose run, compose exec, compose create, compose scale, compose kill, compose pause, compose unpause, compose cp, compose push, compose watch: changes containers
    service, stack, swarm, node, config, secret, network, volume, plugin: changes the swarm
    login, logout: changes the registry login
    save, export: writes an archive
    checkpoint, trust, manifest, image, system, builder: changes docker`,
  destroy: `rm, container rm, compose rm: deletes containers
    rmi, image rm, image remove: deletes images
    system prune, container prune, image prune, volume prune, network prune, builder prune, buildx prune: deletes what is not in use
    volume rm, volume remove: deletes data
    network rm, service rm, stack rm, stack down, stack remove, secret rm, config rm, node rm, plugin rm, context rm: deletes from docker
    compose down: removes containers and networks
    compose down -v, compose down --volumes: removes containers and their data
    swarm leave: takes the node out of the swarm`,
  outside: 'exec, container exec, compose exec, attach, -H, --host',
  watches: `logs -f, logs --follow, stats, events, compose logs -f, compose logs --follow, service logs -f, service logs --follow, compose events,
    container logs -f, container stats, container logs --follow, system events, compose watch, attach`,
  interactive:
    'exec -t, run -t, exec --tty, run --tty, container exec -t, container run -t, attach, start -i, compose exec, compose run',
  target: 'context use',
};

/** Containers, images and registries. Sources: each tool's own reference of commands. */
export const containerTools: Readonly<Record<string, Tool>> = {
  docker,
  podman: {
    ...docker,
    read: `${docker.read}, pod ps, pod ls, pod inspect, pod stats, pod logs, pod top, healthcheck run, auto-update --dry-run, mount, generate, kube generate`,
    change: `${docker.change}\n pod, play, kube, machine, auto-update, untag, unmount: changes containers`,
    destroy: `${docker.destroy}\n pod rm, pod prune, kube down, machine rm: deletes containers\n system reset: deletes everything`,
  },
  nerdctl: docker,
  'docker-compose': {
    valued: composeOptions,
    read: compose,
    change:
      'up, start, stop, restart, pull, build, run, exec, create, scale, kill, pause, unpause, push: changes containers',
    destroy:
      'down: removes containers and networks\n down -v, down --volumes: removes containers and their data\n rm: deletes containers',
    outside: 'exec',
    watches: 'logs -f, logs --follow, events',
    interactive: 'exec, run',
  },
  'podman-compose': {
    valued: composeOptions,
    read: compose,
    change: 'up, start, stop, restart, pull, build, run, exec: changes containers',
    destroy: 'down: removes containers',
  },
  crictl: {
    valued:
      '-r --runtime-endpoint -i --image-endpoint --config -n --name -o --output --timeout --tail --since --state --pod --label',
    read: 'ps, pods, images, img, logs, inspect, inspectp, inspecti, info, version, stats, statsp, imagefsinfo, config --list, completion',
    change: 'pull, run, runp, start, create, stop, stopp, update, config: changes containers',
    destroy: 'rm, rmp: deletes containers\n rmi: deletes images',
    outside: 'exec, attach',
    interactive: 'exec -t, exec --tty, attach',
    watches: 'logs -f, logs --follow, stats --watch',
  },
  ctr: {
    valued: '-n --namespace -a --address',
    read: `version, images ls, images list, i ls, containers ls, containers list, c ls, containers info, tasks ls, t ls, namespaces ls, ns ls, plugins ls, snapshots ls, content ls, info`,
    change: 'images pull, images import, images tag, images push, run, tasks start, tasks kill: changes containers',
    destroy:
      'containers rm, containers delete, images rm, images delete, tasks rm, tasks delete, namespaces rm, content rm, snapshots rm: deletes from containerd',
    outside: 'tasks exec, t exec',
  },
  skopeo: {
    read: 'inspect, list-tags, manifest-digest',
    change: 'copy, sync, login, logout: copies images',
    destroy: 'delete: deletes an image',
  },
  buildah: { read: 'images, containers, inspect, info, version', destroy: 'rm, rmi, prune: deletes images' },
  crane: {
    read: 'ls, manifest, digest, config, catalog, validate, version, export',
    change: 'copy, cp, push, tag, append, mutate, rebase, pull: changes images',
    destroy: 'delete: deletes an image',
  },
  oras: {
    read: 'discover, manifest fetch, repo ls, repo tags, resolve, version',
    destroy: 'manifest delete, blob delete: deletes an artifact',
  },
  regctl: {
    read: 'manifest get, manifest head, tag ls, repo ls, image inspect, image digest, version',
    destroy: 'manifest delete, tag delete: deletes an image',
  },
  cosign: {
    read: 'verify, verify-attestation, verify-blob, tree, triangulate, version, download',
    change: 'sign, attest, attach, copy, generate-key-pair: signs',
    destroy: 'clean: deletes signatures',
  },
  trivy: { otherwise: 'read', change: 'server, plugin, clean: changes trivy' },
  grype: { otherwise: 'read' },
  syft: { otherwise: 'read' },
  hadolint: { otherwise: 'read' },
  dive: { otherwise: 'read', interactive: '*' },
  vagrant: {
    read: 'status, global-status, ssh-config, port, version, box list, plugin list, validate',
    change: 'up, halt, reload, provision, suspend, resume, snapshot, box, plugin, rsync: changes machines',
    destroy: 'destroy, box remove: deletes machines',
    outside: 'ssh',
    interactive: 'ssh',
  },
  virsh: {
    valued: '-c --connect',
    read: `list, dominfo, domstate, domblklist, domblkinfo, domiflist, dumpxml, nodeinfo, version, net-list, net-info, net-dumpxml, pool-list, pool-info,
      vol-list, vol-info, snapshot-list, snapshot-info, capabilities, domstats, vcpuinfo, vncdisplay, hostname, net-dhcp-leases`,
    change:
      'start, reboot, suspend, resume, edit, define, autostart, migrate, attach-disk, attach-device, detach-disk, snapshot-create, setmem, setvcpus, save, restore: changes machines\n shutdown: stops a machine',
    destroy:
      'destroy, undefine, vol-delete, pool-delete, pool-destroy, net-destroy, net-undefine, snapshot-delete, snapshot-revert, reset: destroys machines or data',
    outside: 'console',
    interactive: 'console, edit',
  },
};
