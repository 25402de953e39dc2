import { afterAll, beforeAll } from 'vitest';
import { type ApiDouble, startApi } from '../../support/api-double.ts';
import { placeOf } from '../../support/practice-api.ts';
import { statusBody, type WatchedObjects } from '../../support/watched-objects.ts';
import { ScriptedApi, status } from './support/scripted-api.ts';
import { type Subject, watchContract } from './support/watch-contract.ts';
import { endpointOf } from './support/world.ts';

interface Double {
  readonly port: number;
  readonly objects: WatchedObjects;
  readonly path: string;
  readonly place: string;
}

const subjectOf = (double: () => Double): (() => Subject) => {
  let generation = 0;
  const uids = new Map<string, string>();
  return () => {
    const { port, objects, path, place } = double();
    return {
      endpoint: endpointOf(`http://127.0.0.1:${port}`),
      path,
      put: async (set, name) => {
        const uid = uids.get(name) ?? `of-the-contract-${++generation}`;
        uids.set(name, uid);
        objects.keep(place, { metadata: { name, uid, labels: { set } } });
      },
      remove: async (name) => {
        objects.remove(uids.get(name) ?? '');
        uids.delete(name);
      },
      endWatches: (how) => {
        if (how === 410)
          objects.say(`{"type":"ERROR","object":${statusBody(410, 'too old resource version', 'Expired')}}`);
        objects.endWatches(how === 'reset' ? 'cut' : 'cleanly');
      },
      silence: (isSilent) => objects.silence(isSilent),
      refuse: (question, code, retryAfterSeconds) =>
        objects.script(
          question,
          status(code, 'refused', retryAfterSeconds ? { 'retry-after': `${retryAfterSeconds}` } : {}),
        ),
      count: (question) => objects.count(question),
    };
  };
};

let scripted: ScriptedApi;
let ofStories: ApiDouble;
beforeAll(async () => {
  scripted = await new ScriptedApi().accept();
  ofStories = await startApi({ deployments: { checkout: 'registry.example.com/checkout:v1' } });
});
afterAll(async () => {
  await scripted?.refuse();
  await ofStories?.close();
});

watchContract(
  'the scripted double',
  subjectOf(() => ({
    port: scripted.port,
    objects: scripted,
    path: '/api/v1/namespaces/shop/configmaps',
    place: 'all',
  })),
);

watchContract(
  'the double of the stories',
  subjectOf(() => ({
    port: ofStories.port,
    objects: (ofStories.workloads as NonNullable<ApiDouble['workloads']>).objects,
    path: '/api/v1/namespaces/production/pods',
    place: placeOf('production', 'pods'),
  })),
);
