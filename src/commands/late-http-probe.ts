import type { HttpProbe } from '../ports/http-probe.ts';

const load = () => import('../metrics/http-probe.ts');

/** The probe of web addresses, loaded when one is asked for: its client takes as long to load as all else of a start. */
export const lateHttpProbe: HttpProbe = async (url, options) => (await load()).httpProbe(url, options);

/** Loads it ahead, so that it is there when this program is replaced during a run. */
export const loadHttpProbe = async (): Promise<void> => {
  await load();
};
