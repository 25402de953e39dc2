import type { Tool } from './tool.ts';

const reader: Tool = { otherwise: 'read' };

/** Interfaces, routes, firewalls, certificates, remote access and directories. */
export const networkTools: Readonly<Record<string, Tool>> = {
  telnet: { otherwise: 'read', interactive: '*' },
  ip: {
    valued: '-n -f',
    joined: false,
    read: `addr, address, a, link, l, route, r, neigh, neighbor, n, rule, netns, maddr, monitor, addr show, address show, a show, link show, l show, route show, route get, route list, r show, neigh show, rule show, rule list, netns list, a s, addr s, netns identify, tunnel show, -s link, xfrm state, xfrm policy`,
    change:
      'addr add, address add, a add, link set, link add, route add, route replace, route change, r add, neigh add, rule add, netns add, netns exec, tunnel add, neigh replace, route append: changes the network',
    destroy:
      'addr del, addr delete, addr flush, address del, a del, link del, link delete, link set * down, route del, route delete, route flush, r del, neigh flush, neigh del, rule del, rule flush, netns del, netns delete: takes network settings away',
  },
  ifconfig: {
    alone: 'read',
    read: '*, -a',
    change: '* up, * *: changes the network',
    destroy: '* down: takes an interface down',
  },
  ifup: { change: '*: brings an interface up' },
  ifdown: { destroy: '*: takes an interface down' },
  route: {
    alone: 'read',
    read: '-n, -e, print, get',
    change: 'add: changes routes',
    destroy: 'del, delete, flush: deletes routes',
  },
  nmcli: {
    anywhere: true,
    joined: true,
    read: 'show, status, list, general, device, connection',
    change: 'up, modify, add, reload, set, edit, connect, import, clone: changes the network',
    destroy: 'down, delete, disconnect, off: takes a connection down',
  },
  netplan: { read: 'get, status, info', change: 'apply, try, generate, set, rebind: changes the network' },
  ethtool: { read: '*, -i, -S, -k, -g, -a, -c, -l, -m', change: '-s, -K, -G, -A, -C, -L: changes the interface' },
  iptables: {
    valued: '-t',
    read: '-L, -S, -C, --list, --list-rules, -V',
    change: '-A, -I, -N, -R, --append, --insert: changes the firewall',
    destroy: '-F, -D, -X, -P, -Z, --flush, --delete: takes firewall rules away',
  },
  ip6tables: {
    valued: '-t',
    read: '-L, -S, -C, --list',
    change: '-A, -I, -N, -R: changes the firewall',
    destroy: '-F, -D, -X, -P, -Z: takes firewall rules away',
  },
  'iptables-save': reader,
  'ip6tables-save': reader,
  'iptables-restore': { destroy: '*: replaces the firewall', alone: 'destroy' },
  nft: {
    read: 'list, monitor, describe, -c',
    change: 'add, insert, create, replace, rename, -f: changes the firewall',
    destroy: 'delete, flush, reset, destroy: takes firewall rules away',
  },
  ufw: {
    read: 'status, show, version, app list, app info',
    change:
      'allow, deny, limit, reject, enable, reload, insert, logging, default, route, prepend: changes the firewall',
    destroy: 'disable, reset, delete: takes firewall rules away',
  },
  'firewall-cmd': {
    read: '--list-all, --list-ports, --list-services, --list-all-zones, --state, --get-zones, --get-active-zones, --get-default-zone, --query-*, --info-*, --list-*, --get-*',
    change:
      '--add-*, --reload, --set-*, --permanent, --zone, --new-*, --runtime-to-permanent, --complete-reload, --change-*: changes the firewall',
    destroy: '--remove-*, --panic-on, --delete-*: takes firewall rules away',
  },
  ipvsadm: {
    read: '-L, -l, -Ln, -S, --list, --save',
    change: '-A, -a, -E, -e: changes the balancer',
    destroy: '-D, -d, -C: takes targets away',
  },
  conntrack: { read: '-L, -S, -C, -E, -G', destroy: '-D, -F: cuts connections', change: '-U, -I: changes connections' },
  tcpdump: { otherwise: 'read', change: '-w: writes a file', watches: '*, -*', valued: '-c -i -s -C -G -W' },
  tshark: { otherwise: 'read', change: '-w: writes a file', watches: '*, -*' },
  tc: {
    read: '* show, * list, * ls, -s *',
    change: '* add, * replace, * change: changes traffic control',
    destroy: '* del, * delete: takes traffic control away',
  },
  brctl: { read: 'show, showmacs, showstp', change: '*: changes a bridge' },
  wg: { read: 'show, showconf', alone: 'read', change: 'set, setconf, addconf, syncconf, genkey: changes the tunnel' },
  'wg-quick': { change: 'up, save: brings a tunnel up', destroy: 'down: takes a tunnel down' },
  openssl: {
    joined: false,
    valued: '-in -out -connect -servername -CAfile -cert -key -days -subj -config -keyout -newkey',
    read: `x509, s_client, verify, version, ciphers, dgst, crl, asn1parse, req -noout, rsa -noout, pkcs12 -info, rand, ec -noout, pkey -noout, ocsp, speed, errstr, list, req -text, sess_id, storeutl, passwd, sha256, md5, base64, help, pkcs7, enc -base64`,
    change:
      'req, genrsa, genpkey, rsa, pkcs12, ca, dhparam, ecparam, enc, ec, pkey, cms, smime, pkcs8, spkac, ts: writes keys or certificates\n x509 -out, x509 -req, rand -out: writes a file',
    watches: 's_server',
  },
  'ssh-keygen': { read: '-l, -lf, -F, -B', change: '*, -t, -f: writes keys', destroy: '-R: deletes a known host' },
  'ssh-add': { read: '-l, -L', change: '*: changes the agent', alone: 'change', destroy: '-D, -d: empties the agent' },
  'ssh-keyscan': reader,
  'ssh-copy-id': { change: '*: installs a key', outside: '*' },
  'ssh-agent': { otherwise: 'change' },
  ldapmodify: { change: '*: changes the directory', alone: 'change' },
  ldapadd: { change: '*: changes the directory' },
  ldapdelete: { destroy: '*: deletes from the directory' },
  rndc: {
    read: 'status, zonestatus',
    change: 'reload, reconfig, notify, sync, retransfer, thaw, freeze: changes the name server',
    destroy: 'stop, halt, flush, flushname, delzone: stops or empties the name server',
  },
  nsupdate: { change: '*: changes zones', alone: 'change' },
};
