import { afterAll, beforeAll } from 'vitest';
import { ScriptedApi, status, statusBody } from './support/scripted-api.ts';
import { type Subject, watchContract } from './support/watch-contract.ts';
import { endpointOf } from './support/world.ts';

let api: ScriptedApi;
let generation = 0;
const uids = new Map<string, string>();

beforeAll(async () => {
  api = await new ScriptedApi().accept();
});
afterAll(() => api.refuse());

const double = (): Subject => ({
  endpoint: endpointOf(`http://127.0.0.1:${api.port}`),
  path: '/api/v1/namespaces/shop/configmaps',
  put: async (set, name) => {
    const uid = uids.get(name) ?? `uid-${++generation}`;
    uids.set(name, uid);
    api.put(name, uid, set);
  },
  remove: async (name) => {
    api.remove(uids.get(name) ?? '');
    uids.delete(name);
  },
  endWatches: (how) => {
    if (how === 410) api.say(`{"type":"ERROR","object":${statusBody(410, 'too old resource version', 'Expired')}}`);
    api.endWatches(how === 'reset' ? 'cut' : 'cleanly');
  },
  refuse: (question, code, retryAfterSeconds) =>
    api.script(question, status(code, 'refused', retryAfterSeconds ? { 'retry-after': `${retryAfterSeconds}` } : {})),
  count: (question) => api.count(question),
});

watchContract('the double', double);
