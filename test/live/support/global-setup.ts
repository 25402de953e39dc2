import { buildServers } from './binaries.ts';

/** Builds what is missing before the first test; a server that cannot be built fails the suite, with the output. */
export default async (): Promise<void> => {
  await buildServers();
};
