import { expect, test } from 'vitest';
import { foreignWrites } from '../../src/session/foreign-writes.ts';
import { facts, workload } from '../gates/support/facts.ts';
import { Operator } from './support.ts';

const text = '# Deploy\n\n- [ ] Change it\n  ```sh\n  kubectl scale deployment/checkout --replicas=3\n  ```\n';

test('writes while nobody watched are those that no command of the run may have made', () => {
  const operator = new Operator(text);
  operator.confirms('yes');
  const began = operator.now;
  operator.ends({ startedAt: began, endedAt: began + 30_000 });
  const away = { from: began + 10_000, to: began + 600_000 };
  const written = (by: string, at: number) =>
    foreignWrites(operator.state, facts({ workloads: [workload({ writers: [{ by, at }] })] }), away);
  expect(written('kubectl', began + 20_000)).toEqual([]);
  expect(written('kubectl', began + 31_000)).toEqual([]);
  expect(written('kubectl-set', began + 90_000)).toEqual([
    { at: began + 90_000, workload: 'deployment/checkout', by: 'kubectl-set', what: 'its spec' },
  ]);
  expect(written('argocd-controller', began + 5_000)).toEqual([]);
  expect(written('argocd-controller', began + 700_000)).toEqual([]);
  const data = { workload: 'deployment/checkout', by: 'kubectl-set', what: 'image', changedAt: began + 90_400 };
  operator.record([{ type: 'change.foreign', frame: 0, data }]);
  expect(written('kubectl-set', began + 90_000)).toEqual([]);
});
