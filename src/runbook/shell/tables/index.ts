import { cloudTools } from './clouds.ts';
import { containerTools } from './containers.ts';
import { dataTools } from './data-stores.ts';
import { deliveryTools } from './delivery.ts';
import { diskTools } from './disks.ts';
import { fileTools } from './files.ts';
import { kubernetesTools } from './kubernetes.ts';
import { networkTools } from './network.ts';
import { packageTools } from './packages.ts';
import { systemTools } from './system.ts';
import type { Tool } from './tool.ts';

const tables: Readonly<Record<string, Tool>> = {
  ...systemTools,
  ...fileTools,
  ...diskTools,
  ...networkTools,
  ...packageTools,
  ...deliveryTools,
  ...dataTools,
  ...cloudTools,
  ...containerTools,
  ...kubernetesTools,
};

/** The same tool under another name. */
const aliases: Readonly<Record<string, string>> = {
  tofu: 'terraform',
  kc: 'kubectl',
  helm3: 'helm',
  awslocal: 'aws',
  aws2: 'aws',
  azd: 'az',
  fly: 'flyctl',
  dnf: 'yum',
  dnf5: 'yum',
  microdnf: 'yum',
  tdnf: 'yum',
  aptitude: 'apt-get',
  pip3: 'pip',
  pip2: 'pip',
  mvnw: 'mvn',
  gradlew: 'gradle',
  bundler: 'bundle',
  gmake: 'make',
  ninja: 'make',
  apache2ctl: 'apachectl',
  'mariadb-dump': 'mysqldump',
  'mariadb-backup': 'mariabackup',
  gpg2: 'gpg',
  'kafka-topics.sh': 'kafka-topics',
  'kafka-consumer-groups.sh': 'kafka-consumer-groups',
  'kafka-configs.sh': 'kafka-configs',
  'kafka-acls.sh': 'kafka-acls',
  'kafka-reassign-partitions.sh': 'kafka-reassign-partitions',
  'kafka-leader-election.sh': 'kafka-leader-election',
  'kafka-log-dirs.sh': 'kafka-log-dirs',
  'kafka-metadata-quorum.sh': 'kafka-metadata-quorum',
  'kafka-broker-api-versions.sh': 'kafka-broker-api-versions',
  'kafka-get-offsets.sh': 'kafka-get-offsets',
  'kafka-console-consumer.sh': 'kafka-console-consumer',
  'kafka-console-producer.sh': 'kafka-console-producer',
  'kafka-delete-records.sh': 'kafka-delete-records',
  'kafka-storage.sh': 'kafka-storage',
  kafkacat: 'kcat',
  mcli: 'mc',
};

/** The table of a tool; null when nothing is known of it. */
export const toolNamed = (name: string): Tool | null => {
  const real = Object.hasOwn(aliases, name) ? (aliases[name] as string) : name;
  if (Object.hasOwn(tables, real)) return tables[real] as Tool;
  return /^mkfs\.\w+$/.test(name) ? (tables.mkfs as Tool) : /^fsck\.\w+$/.test(name) ? (tables.fsck as Tool) : null;
};
