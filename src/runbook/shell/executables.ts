/**
 * Names that a line may start with to be taken for a command, by field. English words among them are in
 * `ambiguous-words.ts` as well, which says what must follow. Kept generous: an unknown tool's command would be shown as text.
 */
const byField: Readonly<Record<string, string>> = {
  builtins: `. : alias bg break builtin caller cd command compgen complete compopt continue declare dirs disown echo enable
    eval exec exit export fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray
    readonly return set shift shopt source suspend test times trap true false type typeset ulimit umask unalias unset wait setopt
    unsetopt autoload zmodload rehash bindkey compinit`,
  files: `awk gawk mawk nawk basename bat bzcat bzip2 bunzip2 cat chattr chgrp chmod chown cksum cmp colordiff comm cp cpio csplit cut
    dd df diff diff3 dircolors dirname dos2unix du dust egrep exa eza expand fd fdfind fgrep file find fmt fold getfacl grep gunzip
    gzip hd head hexdump iconv install join less link ln locate ls lsattr lz4 md5 md5sum mkdir mkfifo mktemp mlocate more mv ncdu nl
    od paste patch pax pbcopy pbpaste pr pv 7z 7za rar unrar readlink realpath rename rev rg rm rmdir sed seq setfacl sha1sum
    sha256sum sha512sum shasum shred shuf sort split srm stat strings sum tac tail tar tee touch tr trash tree truncate tsort
    unexpand uniq unix2dos unlink unxz unzip updatedb vipw vigr wc whereis which xargs xxd xz xzcat yes zcat zgrep zip zless zstd
    zstdcat fzf ag ack sponge ts parallel column envsubst gettext patchelf mc ranger lsd choose sd delta b2sum b3sum tailspin lnav multitail bzgrep xzgrep zdiff zcmp zipinfo numfmt savelog tempfile`,
  editors: `vi vim nvim nano emacs ed ex pico micro code subl visudo sudoedit crontab helix hx`,
  processes: `at atq atrm batch chrt cpulimit fuser htop atop btop glances ionice iotop kill killall lsof ltrace nice nohup nproc
    numactl numastat perf pgrep pidof pidstat pkill pmap ps pstree pwdx renice screen setsid skill slabtop sleep strace stress
    stress-ng taskset time timeout tload tmux top unshare uptime usleep vmstat w watch xkill zellij bpftrace bpftool gdb lldb valgrind dlv jcmd
    jmap jps jstack jstat jinfo jconsole py-spy rbspy async-profiler gcore sar mpstat iostat dstat nmon pidwait prlimit systat
    flock chronic retry entr byobu dtach reptyr script scriptreplay unbuffer expect stdbuf`,
  system: `adduser addgroup chage chfn chroot chsh clear date dbus-send delgroup deluser depmod dmesg dmidecode domainname env
    faillock finger fsfreeze free getcap getconf getent getenforce gpasswd groupadd groupdel groupmod groups halt hdparm hostid
    hostname hostnamectl hwclock id init initctl insmod journalctl kexec kmod last lastb lastlog ldconfig ldd locale localectl
    localedef logger login loginctl logname logrotate lsb_release lsblk lscpu lshw lsipc lsmem lsmod lsns lspci lsusb machinectl
    mesg modinfo modprobe mount mountpoint namei needrestart newgrp newusers nologin nsenter passwd poweroff printenv reboot
    reset resizecons restorecon rmmod run-parts runlevel runuser semanage semodule service chkconfig update-rc.d rc-service
    rc-update sestatus setcap setenforce setsebool shutdown smartctl stty su sudo doas pkexec sulogin swapoff swapon sync sysctl
    systemctl systemd-analyze systemd-cgls systemd-cgtop systemd-resolve systemd-run systemd-tmpfiles sysv-rc-conf tee telinit
    timedatectl tput tty tzselect udevadm umount uname unshare update-alternatives update-grub update-initramfs grub-mkconfig
    grub2-mkconfig grub-install useradd userdel usermod users uuidgen wall who whoami write zdump chronyc chronyd ntpdate ntpq
    ntpstat auditctl ausearch aureport aa-status aa-complain aa-enforce apparmor_parser apparmor_status authselect realm sss_cache
    kinit klist kdestroy ipa ipactl supervisorctl supervisord monit pm2 s6-svc sv svc runsv initdb launchctl defaults softwareupdate
    scutil diskutil sw_vers pmset dscl ditto open osascript caffeinate mdfind neofetch fastfetch inxi hostid arch nvidia-smi
    rocm-smi ipmitool racadm storcli storcli64 megacli MegaCli MegaCli64 perccli hpssacli ssacli arcconf sosreport sos
    subscription-manager insights-client fwupdmgr dracut mkinitcpio mkinitrd rpm-ostree ostree bootc tuned-adm cloud-init
    growpart snap flatpak busctl chcon chcpu chmem chpasswd gdbus gio gsettings invoke-rc.d ipcmk ipcrm ipcs killall5 locale-gen
    lslocks lslogins networkctl pam-auth-update pivot_root pkcheck pwck runcon setarch setpriv start-stop-daemon systemd-cat
    systemd-creds systemd-cryptenroll systemd-detect-virt systemd-escape systemd-inhibit systemd-mount systemd-notify
    update-ca-certificates update-ca-trust update-java-alternatives update-locale`,
  disks: `badblocks blkid blkdiscard blockdev btrfs cfdisk cryptsetup debugfs dumpe2fs e2fsck e2label exportfs fdisk findmnt fsck
    fstrim gdisk iscsiadm kpartx losetup lvchange lvconvert lvcreate lvdisplay lvextend lvm lvreduce lvremove lvrename lvresize lvs
    lvscan mdadm mkfs mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mke2fs mkswap multipath multipathd nfsstat nvme parted partprobe partx
    pvchange pvcreate pvdisplay pvmove pvremove pvresize pvs pvscan quota quotacheck repquota dmsetup e4defrag fallocate filefrag fsck.ext4 mkfs.ext2 mkfs.ext3 mknod swaplabel resize2fs sfdisk sg_map sgdisk
    showmount tune2fs vgchange vgcreate vgdisplay vgextend vgreduce vgremove vgs vgscan wipefs xfs_admin xfs_growfs xfs_info
    xfs_repair xfs_freeze zfs zpool ceph cephadm rados rbd radosgw-admin ceph-volume ceph-deploy gluster glusterfs drbdadm fio
    bonnie++ restic borg borgmatic rsnapshot duplicity duplicati kopia bacula bconsole rdiff-backup tarsnap rclone s3cmd s4cmd s5cmd
    mcli mc minio weed`,
  network: `arp arping brctl bridge conntrack curl dhclient dhcpcd dig drill dnsmasq ethtool firewall-cmd fping ftp hey host hping3 http
    https httpie httping ifconfig ifdown ifup ip ip6tables ipset iptables iptables-restore iptables-save iperf iperf3 ipvsadm iw iwconfig
    k6 ldapadd ldapdelete ldapmodify ldapsearch ldapwhoami links lynx mail mailx mosh mtr nc ncat ncftp net netplan netstat nettop nft ngrep
    nmap nmcli nping nslookup nsupdate oha ab wrk wrk2 vegeta locust artillery siege openssl ping ping6 postqueue postsuper
    postconf postfix rndc route rsync scp sendmail sftp snmpget snmpwalk socat ss ssh ssh-add ssh-agent ssh-copy-id ssh-keygen
    ssh-keyscan sshfs sshpass sslscan swaks tc tcpdump telnet testssl testssl.sh tftp tracepath traceroute traceroute6 tshark
    ufw vconfig websocat wget wget2 whois wg wg-quick wireshark xh grpcurl grpc_health_probe grpcui ghz evans dog doggo q
    cloudflared ngrok tailscale zerotier-cli openvpn strongswan ipsec swanctl vtysh birdc bgpctl certbot acme.sh lego step
    step-ca cfssl cfssljson mkcert certtool keytool certutil lftp aria2c axel gobgp speedtest speedtest-cli resolvectl
    resolvconf dnscontrol octodns-sync fail2ban-client crowdsec cscli keepalived haproxy nginx apachectl apache2ctl a2ensite a2dissite
    a2enmod a2dismod httpd apache2 caddy traefik envoy varnishadm varnishd varnishlog varnishstat varnishtop squid squidclient
    socat proxychains torsocks pppd wpa_cli networksetup`,
  containers: `docker docker-compose docker-machine docker-credential-helper podman podman-compose buildah skopeo nerdctl ctr crictl containerd
    runc crun lxc lxd lxc-attach lxc-ls incus dive hadolint trivy grype syft cosign notation oras crane regctl reg manifest-tool kaniko
    buildctl ko pack jib img cst container-structure-test dockle snyk clair-scanner hub-tool colima lima limactl orb minikube kind k3d
    k3s k0s k0sctl rke rke2 microk8s multipass vagrant packer VBoxManage virsh virt-install qemu-img qemu-system-x86_64 ovftool govc
    esxcli vim-cmd pct qm pvesh pvecm pvesm flintlock firecracker ignite systemd-nspawn singularity apptainer`,
  kubernetes: `kubectl k kc oc odo helm helmfile helm3 kustomize kubens kubectx kubeadm kubelet kubectl-argo-rollouts kubectl-cert_manager
    kubectl-neat kubectl-ns kubectl-ctx kops eksctl aws-iam-authenticator argocd argo argocd-vault-plugin flux fluxctl flagger istioctl
    linkerd consul-k8s cmctl velero k9s stern kubetail kail kubeseal kubeval kubeconform kube-score kube-linter kube-bench kube-hunter
    kube-capacity kubecolor kubectl-who-can popeye pluto nova polaris datree conftest opa gatekeeper kyverno tilt skaffold devspace
    okteto telepresence garden draft werf kapp ytt kbld imgpkg vendir kpt kubie kube-ps1 krew clusterctl cilium hubble calicoctl
    weave submariner subctl karmadactl vcluster kubevela vela crossplane up tkn tekton knative kn func keda kubeless faas-cli
    arkade porter cdk8s pulumi rancher rio etcdctl etcdutl etcd kubefed kubefedctl kubebox sonobuoy kubespy robusta krr goldilocks
    kubecost k8sgpt kubeshark ksniff chaosctl litmusctl virtctl oadp roxctl rosa ocm tanzu pks tkgi helmsman ksonnet ks jb tk tanka
    argocd-autopilot kargo devtron fleet timoni kro kcl mirrord`,
  clouds: `aws awslocal aws-vault aws-sso aws2 awsume saml2aws gimme-aws-creds aws_completion_helper sam cdk cdklocal copilot eb ecs-cli ecs-deploy
    amplify chalice ssm-session session-manager-plugin s3fs ec2-metadata cloud-nuke steampipe prowler infracost gcloud gsutil bq cbt
    gke-gcloud-auth-plugin cloud_sql_proxy cloud-sql-proxy firebase az azcopy azd func aks kubelogin doctl linode-cli hcloud scw
    ibmcloud bx oci aliyun tccli hwcloud openstack nova-manage cinder glance keystone neutron swift heat ironic magnum exo civo
    upctl vultr-cli ovh flyctl fly heroku vercel now netlify wrangler render railway supabase surge cf bosh uaac credhub om dokku
    caprover kamal cap capistrano fab fabric nomad nomad-pack consul vault waypoint boundary terraform terragrunt tofu tflint tfsec
    tfenv tfswitch tfstate-lookup terraform-docs terrascan checkov driftctl cdktf atlantis spacelift spacectl ansible ansible-playbook
    ansible-galaxy ansible-vault ansible-inventory ansible-doc ansible-lint ansible-pull ansible-console ansible-config molecule
    puppet puppetserver facter hiera r10k chef chef-client chef-solo knife berks kitchen inspec salt salt-call salt-key salt-run
    salt-ssh salt-minion cfn-lint cfn rain stackset serverless sls architect cloudformation newrelic pscale planetscale stripe
    ngrok auth0 okta akamai fastly bunny cloudflare flarectl pdctl pd op bw lpass pass gopass sops age age-keygen gpg gpg2 gpgconf
    chamber summon teller doppler infisical envconsul consul-template confd berglas akeyless conjur tsh tctl teleport granted assume`,
  data: `psql pg_dump pg_dumpall pg_restore pg_basebackup pg_ctl pg_ctlcluster pg_lsclusters pg_isready pg_controldata pg_rewind pg_upgrade
    pg_resetwal pg_receivewal pg_archivecleanup pg_waldump pg_createcluster pg_dropcluster pg_repack pgbench pg_config pg_upgradecluster pg_renamecluster vacuumlo pgbackrest pgcli pgloader
    pgbouncer pgpool barman barman-cloud-backup wal-g wal-e repmgr patronictl patroni createdb dropdb createuser dropuser vacuumdb
    reindexdb clusterdb postgres stolonctl citus timescaledb-tune mysql mysqladmin mysqlbinlog mysqlcheck mysqld mysqld_safe mysqldump
    mysqldumpslow mysqlimport mysqlpump mysqlsh mysqlshow mysqlslap mysql_upgrade mysql_secure_installation mysql_tzinfo_to_sql
    mariadb mariadb-dump mariadb-backup mariabackup xtrabackup innobackupex mydumper myloader gh-ost pt-online-schema-change pt-query-digest
    pt-table-checksum pt-table-sync pt-kill pt-archiver pt-show-grants orchestrator orchestrator-client proxysql maxctrl maxscale galera_new_cluster
    mongo mongosh mongod mongos mongodump mongorestore mongoexport mongoimport mongostat mongotop bsondump pbm redis-cli redis-server
    redis-benchmark redis-sentinel redis-check-aof redis-check-rdb valkey-cli keydb-cli memcached memcstat memcdump sqlite3 sqlite
    litestream sqlplus rman lsnrctl tnsping expdp impdp srvctl crsctl dgmgrl adrci asmcmd dbca sqlcmd bcp mssql-cli db2 cqlsh
    nodetool sstableloader cassandra scylla clickhouse clickhouse-client clickhouse-backup influx influxd cockroach tiup tidb-ctl
    pd-ctl tikv-ctl yugabyted ysqlsh ycqlsh neo4j neo4j-admin cypher-shell arangosh couchdb rabbitmqctl rabbitmq-plugins rabbitmq-diagnostics
    rabbitmq-queues rabbitmqadmin kafka-topics kafka-topics.sh kafka-console-consumer kafka-console-producer kafka-consumer-groups
    kafka-configs kafka-acls kafka-reassign-partitions kafka-leader-election kafka-log-dirs kafka-run-class kafka-server-start
    kafka-server-stop kafka-metadata-quorum kafka-storage kafka-preferred-replica-election kcat kafkacat kafkactl rpk confluent zkCli.sh zkServer.sh
    zookeeper-shell nats nats-server nsc natscli pulsar pulsar-admin pulsar-client activemq artemis mosquitto_pub mosquitto_sub emqx_ctl vmq-admin
    celery flower rq airflow dbt dagster prefect luigi spark-submit spark-shell spark-sql pyspark hadoop hdfs yarn mapred hive beeline
    impala-shell presto trino hbase flink sqoop oozie elasticsearch elasticsearch-plugin elasticsearch-reset-password
    elasticsearch-users elasticdump curator curator_cli es_repo_mgr logstash kibana filebeat metricbeat packetbeat auditbeat heartbeat
    opensearch solr meilisearch typesense weaviate alembic flyway liquibase sqitch goose migrate dbmate atlas prisma knex sequelize
    typeorm rake rails skeema mc_restore vtctl vtctlclient vtctldclient snowsql snow bteq duckdb usql dolt yq jq gojq jaq xq tomlq dasel fx
    jless miller mlr csvkit csvlook csvcut csvstat xsv q jc xmllint xmlstarlet xsltproc hjson jsonnet cue dhall yamllint jsonlint`,
  observing: `promtool prometheus amtool alertmanager mimirtool cortextool logcli loki promtail grafana grafana-cli grafana-server grafanactl
    thanos victoria-metrics vmctl vmagent vmalert node_exporter blackbox_exporter jaeger otelcol otel-cli datadog-agent datadog-ci dd-agent
    dog newrelic-infra nri splunk sentry-cli telegraf statsd collectd collectdctl fluentd fluent-bit td-agent vector rsyslogd
    syslog-ng zabbix_get zabbix_sender zabbix_agentd zabbix_server nagios icinga2 check_mk cmk sensu sensuctl nrpe monitoring
    oncallctl pagerduty opsgenie-lamp runme autocannon parca pyroscope profilecli tempo-cli alertmanager-bot`,
  building: `make gmake cmake ctest ninja meson bazel bazelisk buck buck2 pants please gradle gradlew mvn mvnw ant sbt lein clj clojure gcc g++ cc c++
    clang clang++ ld ar nm objdump readelf strip autoconf automake configure pkg-config go gofmt goreleaser golangci-lint gotestsum
    gopls rustc rustup cargo cross wasm-pack node npm npx node-gyp semver wat2wasm pnpm pnpx yarn corepack bun bunx deno nvm fnm volta n nodenv tsc tsx ts-node
    vite webpack esbuild rollup turbo nx lerna rush jest vitest mocha cypress playwright eslint prettier biome python python2 python3 pip
    pip2 pip3 pipx pipenv poetry uv uvx pdm rye hatch conda mamba micromamba virtualenv venv pyenv tox nox pytest mypy ruff black flake8
    pylint isort pre-commit twine gunicorn uvicorn uwsgi django-admin flask jupyter ipython ruby gem bundle bundler rbenv rvm irb erb
    rspec rubocop puma unicorn sidekiq passenger perl cpan cpanm prove php composer artisan phpunit wp drush drupal magento symfony
    pecl phpize php-fpm java javac jar javap jarsigner jfr nodejs jshell jlink kotlin kotlinc scala scalac groovy elixir mix iex rebar3 erl erlc ghc cabal stack
    ocaml opam dune swift swiftc xcodebuild xcrun xcode-select pod fastlane dotnet nuget msbuild mono R Rscript julia lua luarocks
    zig nim nimble crystal shards dart flutter tcl tclsh protoc buf swag openapi-generator swagger-codegen graphql docker-buildx
    asdf mise rtx direnv just task taskfile earthly dagger act nix nix-build nix-env nix-shell nixos-rebuild home-manager guix devbox`,
  packages: `apt apt-cache apt-get apt-key apt-mark apt-file aptitude dpkg dpkg-query dpkg-reconfigure add-apt-repository debconf-set-selections
    yum yumdownloader yum-config-manager dnf dnf5 microdnf rpm rpmbuild zypper pacman yay paru makepkg emerge apk xbps-install brew
    port pkg pkg_add pkg_info pkgutil opkg unattended-upgrade unattended-upgrades tdnf createrepo reprepro aptly choco winget scoop
    equery eselect alternatives do-release-upgrade leapp pkcon checkinstall alien fpm nfpm apt-add-repository apt-config debconf-show dpkg-deb dpkg-divert dpkg-scanpackages`,
  sources: `git gh glab hub tig lazygit git-lfs git-secret git-crypt gitleaks trufflehog svn hg bzr cvs p4 bit jj sl gitlab-runner gitlab-rails gitlab-ctl
    gitlab-rake gitlab-backup gitea forgejo gerrit repo circleci travis drone buildkite-agent bk teamcity jenkins jenkins-cli concourse
    spin hal woodpecker-cli argo-cd semantic-release release-it changeset standard-version git-cliff cz commitizen renovate dependabot
    spinnaker octopus octo harness launchdarkly ldcli unleash flagsmith flipt split`,
  shells: `bash sh zsh dash ash ksh fish csh tcsh pwsh powershell busybox toybox rbash xonsh nu`,
  text: `echo printf cal ncal bc dc expr factor date figlet cowsay lolcat banner look spell aspell wdiff vimdiff meld tldr man info apropos
    whatis cheat xdg-open wl-copy wl-paste xclip xsel notify-send say clear tput base32 base64 basenc uuencode uudecode qrencode
    openssl gpg sha224sum sha384sum crc32 mkpasswd htpasswd pwgen apg makepasswd getopt logger wall slackcat slack tput dialog
    whiptail gum pandoc convert magick ffmpeg ffprobe exiftool gs pdftk`,
  applications: `gitlab-ctl nextcloud occ mattermost mmctl jira acli confluence zulip discourse discourse-doctor rabbitmq keycloak kcadm.sh kc.sh
    jboss-cli.sh standalone.sh catalina.sh startup.sh shutdown.sh asadmin wlst.sh wsadmin.sh karaf sonar-scanner nexus artifactory jf
    jfrog harbor mattermost-cli synapse_ctl matrix ejabberdctl prosodyctl asterisk fs_cli freeswitch kamctl opensipsctl doveadm
    dovecot exim exim4 exiqgrep mailq newaliases postmap postcat spamassassin rspamc rspamadm opendkim-genkey amavisd clamscan
    freshclam samba-tool smbclient smbpasswd smbstatus testparm net wbinfo winbindd pdbedit nfsd rpcinfo rpcbind slapd slapcat slapadd
    sssctl ipa-client-install ceilometer cephfs-top geth bitcoin-cli lncli lnd solana solana-validator gaiad cosmovisor near polkadot
    lighthouse prysm teku nethermind besu op-node cardano-cli cardano-node ipfs kubo erigon reth monerod tendermint avalanche hermes
    slurmctld sbatch squeue scancel sinfo srun sacct scontrol qsub qstat bsub bjobs condor_q condor_submit module lmod mpirun mpiexec`,
};

/** Every name that may start a command. */
export const executables: ReadonlySet<string> = new Set(
  Object.values(byField).flatMap((names) => names.split(/\s+/).filter((name) => name !== '')),
);
