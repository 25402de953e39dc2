import type { Tool } from './tool.ts';

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Commands that only look, whatever their arguments. */
const readers =
  words(`true false : test [ echo printf pwd cd pushd popd dirs which type whereis command whatis apropos man help hash history
  ls ll dir vdir exa eza lsd cat tac bat head tail nl od xxd hexdump hd strings file stat wc cut tr column paste join fold fmt rev expand
  unexpand comm cmp diff diff3 sdiff colordiff delta grep egrep fgrep zgrep bzgrep xzgrep rg ag ack zcat bzcat xzcat zstdcat zless less more
  look uniq seq jot shuf tsort factor expr bc dc basename dirname realpath readlink md5sum sha1sum sha224sum sha256sum sha384sum sha512sum
  b2sum cksum sum shasum md5 crc32 base32 base64 uuidgen cal ncal getopts getopt read wait set unset export local declare typeset readonly
  shift return exit break continue trap alias unalias shopt umask ulimit let jobs fg times caller bind complete compgen mapfile readarray
  df du dust duf ncdu free uptime whoami id groups logname users who w last lastb lastlog finger getent tty arch nproc lscpu lsmem lsblk
  lspci lsusb lsmod lsipc lsns lslocks lslogins lshw lsof lsattr blkid findmnt mountpoint sw_vers uname hostid vmstat iostat mpstat sar
  pidstat dstat nmon iotop iftop nethogs top htop atop btop glances slabtop ps pstree pgrep pidof pidwait pmap pwdx smem ss netstat ping
  ping6 fping mtr traceroute traceroute6 tracepath dig drill dog doggo host nslookup resolvectl whois arping nc ncat netcat nmap sslscan
  testssl testssl.sh arp ipcalc speedtest ldapsearch ldapwhoami snmpget snmpwalk showmount rpcinfo smbstatus nfsstat klist jstack jps jstat
  jinfo jmap py-spy strace ltrace perf bpftrace dmidecode sensors nvidia-smi locale localedef modinfo namei tree tput clear reset sleep
  jq gojq yq jless xmllint xmlstarlet xq csvlook csvstat xsv gron fx yamllint jsonlint shellcheck pg_lsclusters getconf getcap getfacl
  sestatus getenforce getsebool ausearch aureport aa-status mailq exiqgrep ntpq ntpstat zdump ipcs ldd nm objdump
  readelf size kubectl-who-can tty printenv locate mlocate column figlet cowsay say
  notify-send lolcat neofetch fastfetch cheat tldr git-secrets gitleaks trufflehog cloc tokei envsubst numfmt zipinfo
  suspend pbpaste wl-paste disown dirs enable pv ts ifstat lnav tailspin promql grpc_health_probe`);

const reader: Tool = { otherwise: 'read' };

/** The machine: what only looks, processes, users, services of the system. */
export const systemTools: Readonly<Record<string, Tool>> = {
  ...Object.fromEntries(readers.map((name) => [name, reader])),
  tail: { otherwise: 'read', watches: '-f, -F, --follow, --retry', valued: '-n -c --lines --bytes --pid -s' },
  less: { otherwise: 'read', interactive: '*', watches: '+F' },
  more: { otherwise: 'read', interactive: '*' },
  man: { otherwise: 'read', interactive: '*' },
  top: { otherwise: 'read', interactive: '*, -*', watches: '*, -*', read: '-b', valued: '-d -n -p -u -U -o' },
  ping: { otherwise: 'read', valued: '-i -W -w -s -I -t' },
  vmstat: reader,
  lsof: reader,
  ss: { otherwise: 'read', destroy: '-K, --kill: cuts connections' },
  sort: { otherwise: 'read', change: '-o, --output: writes a file', valued: '-k -t -T -S --key --field-separator' },
  tree: { otherwise: 'read', change: '-o: writes a file' },
  yq: {
    otherwise: 'read',
    change: '-i, --inplace, --in-place: changes a file',
    valued: '-o -p --output-format --input-format -I',
  },
  date: { otherwise: 'read', change: '-s, --set: sets the clock', valued: '-d --date -f -r' },
  hostname: {
    otherwise: 'change',
    alone: 'read',
    read: '-f, -s, -d, -i, -I, -A, --fqdn, --short, --all-ip-addresses, --ip-address',
    change: '*: sets the host name',
  },
  domainname: { alone: 'read', change: '*: sets the domain name' },
  dmesg: {
    otherwise: 'read',
    change: '-C, --clear, -n, -D, -E: changes the kernel log',
    destroy: '-c, --read-clear: clears the kernel log',
    watches: '-w, -W, --follow',
    valued: '-l -f',
  },
  coredumpctl: { read: 'list, info, *', change: 'dump: writes a file' },
  timedatectl: {
    alone: 'read',
    read: 'status, show, list-timezones, timesync-status, show-timesync',
    change: '*: sets the clock',
  },
  hostnamectl: { alone: 'read', read: 'status, --static, --json', change: '*: sets the host name' },
  localectl: { alone: 'read', read: 'status, list-*', change: '*: sets the locale' },
  loginctl: { alone: 'read', read: 'list-*, *-status, show-*', destroy: 'kill-*, terminate-*: ends sessions' },
  networkctl: { alone: 'read', read: 'status, list, lldp, cat', change: '*: changes the network' },
  'systemd-analyze': reader,
  'systemd-cgls': reader,
  'systemd-cgtop': { otherwise: 'read', interactive: '*', alone: 'read' },
  'systemd-detect-virt': reader,
  'systemd-escape': reader,
  sysctl: {
    valued: '-p',
    read: '-a, -n, -A, *, --values',
    change: '-w, -p, --write, --load, --system, *=*: changes kernel settings',
  },
  ulimit: reader,
  modprobe: {
    read: '-n, --dry-run, --show-depends, -c',
    change: '*: loads a kernel module',
    destroy: '-r, --remove: unloads a kernel module',
  },
  rmmod: { destroy: '*: unloads a kernel module' },
  insmod: { change: '*: loads a kernel module' },
  mount: { alone: 'read', read: '-l', change: '*: mounts a file system', valued: '-t -o -O -L -U' },
  umount: { change: '*: unmounts a file system' },
  swapon: { read: '-s, --show, --summary', alone: 'read', change: '*, -a: adds swap' },
  swapoff: { change: '*, -a: takes swap away' },
  exportfs: { alone: 'read', read: '-v, -s', change: '*, -a, -r: changes exports', destroy: '-u: takes exports away' },
  crontab: {
    read: '-l',
    destroy: '-r: deletes all jobs',
    change: '-e, *: changes jobs',
    interactive: '-e',
    valued: '-u',
  },
  at: { read: '-l', destroy: '-d, -r: deletes jobs', change: '*: plans a command' },
  atq: reader,
  atrm: { destroy: '*: deletes jobs' },
  kill: {
    read: '-l, -L, -0',
    change: '*: signals a process',

    joined: false,
  },
  pkill: { joined: false, change: '*: signals processes' },
  killall: {
    joined: false,
    change: '*: signals processes',

    read: '-l',
  },
  xkill: { destroy: '*: kills a window' },
  fuser: { otherwise: 'read', destroy: '-k, --kill: kills processes' },
  renice: { change: '*: changes priorities' },
  reboot: { destroy: '*: restarts the machine', otherwise: 'destroy', alone: 'destroy' },
  shutdown: {
    otherwise: 'destroy',
    alone: 'destroy',
    change: '-c: takes a shutdown back',
    destroy: '*, -h, -r: stops the machine',
  },
  poweroff: { otherwise: 'destroy', alone: 'destroy' },
  halt: { otherwise: 'destroy', alone: 'destroy' },
  init: { destroy: '*: changes the run level', read: '--version' },
  telinit: { destroy: '*: changes the run level' },
  useradd: { change: '*: adds a user' },
  adduser: { change: '*: adds a user' },
  usermod: { change: '*: changes a user' },
  userdel: { destroy: '*: deletes a user' },
  deluser: { destroy: '*: deletes a user' },
  groupadd: { change: '*: adds a group' },
  groupdel: { destroy: '*: deletes a group' },
  passwd: {
    read: '-S, --status',
    change: '*, -l, -u: changes a password',
    alone: 'change',
    interactive: '*',
    destroy: '-d: removes a password',
  },
  chpasswd: { alone: 'change', change: '*: changes passwords' },
  chage: { read: '-l, --list', change: '*: changes password ages' },
  visudo: { read: '-c', change: '*: changes sudo rules', interactive: '*', alone: 'change' },
  vi: { change: '*: opens an editor', interactive: '*, -*' },
  vim: { change: '*: opens an editor', interactive: '*, -*' },
  nvim: { change: '*: opens an editor', interactive: '*, -*' },
  nano: { change: '*: opens an editor', interactive: '*, -*' },
  emacs: { change: '*: opens an editor', interactive: '*, -*' },
  view: { otherwise: 'read', interactive: '*' },
  tmux: {
    read: 'ls, list-sessions, list-windows, list-panes, display-message, show-options',
    change: '*: opens a session',
    interactive: 'attach, a, new, attach-session, new-session',
    destroy: 'kill-session, kill-server: ends sessions',
  },
  screen: { read: '-ls, -list', change: '*: opens a session', interactive: '*, -*' },
  htop: { otherwise: 'read', interactive: '*, -*' },
  yes: reader,
  kinit: { change: '*: logs in', interactive: '*', alone: 'change' },
  postqueue: { read: '-p, -j', change: '-f, -s, -i: sends queued mail' },
  postsuper: { destroy: '-d: deletes queued mail', change: '-r, -h, -H, -s: changes queued mail' },
  postconf: { otherwise: 'read', change: '-e, -X, -M: changes settings' },
  mail: { change: '*: sends mail' },
  sendmail: { read: '-bp', change: '*: sends mail' },
  logger: { change: '*: writes a log line' },
  wall: { change: '*: writes to all terminals' },
  logrotate: { read: '-d, --debug', change: '*: rotates logs' },
  alternatives: { read: '--display, --list', change: '*: changes alternatives' },
  'update-alternatives': { read: '--display, --list, --query, --get-selections', change: '*: changes alternatives' },
  setenforce: { change: '*: changes SELinux' },
  setsebool: { change: '*: changes SELinux' },
  restorecon: { change: '*: changes labels', dry: '-n' },
  chcon: { change: '*: changes labels' },
  semanage: { read: '* -l, * --list', change: '*: changes SELinux' },
  ipmitool: {
    anywhere: true,
    valued: '-H -U -P -I -L -f',
    read: 'status, list, info, print, sdr, sel, fru, elist, get',
    change: 'on, activate, bootdev, set, identify: changes the machine',
    destroy: 'off, cycle, reset, soft, clear, diag: stops the machine',
  },
};
