import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemas, schemaText } from '../../../src/runbook/json-schemas.ts';
import { modelJson } from '../../../src/runbook/model-json.ts';
import { modelSchema } from '../../../src/runbook/schema-model.ts';
import { parseYamlRunbook } from '../../../src/runbook/yaml/notation.ts';

const { runbook, diagnostics } = parseYamlRunbook(`title: T
kind: hotfix
inputs:
  service: { default: web }
metrics:
  m: { query: a / b, unit: ratio }
target: { namespace: shop }
rollback: { runbook: r.md, when: [{ m: '> 5%' }] }
phases:
  - title: P (T+5m)
    steps:
      - title: A (if needed)
        name: a
        run: { script: kubectl get pods, timeout: 5m }
        undo: kubectl delete pod x
      - title: B
        do:
          - gate: { m: '<= 1%', http: { url: 'https://a.example', json: { a: b } } }
          - baseline: { metrics: [m], window: 30m }
          - decide: { Go: next, No: stop }
          - ask: { ticket: {} }
          - approve: { role: lead, valid: run }
          - message: { name: m1, text: hi, send: curl -d @- x }
          - handoff: { runbook: b.md, with: { service: x } }
`);
if (runbook === null) throw new Error('no model');
const model = modelJson(runbook, diagnostics);

describe('the JSON of a model', () => {
  it('has the keys of the format, in their order', () => {
    const [phase] = model.phases;
    const [step] = phase?.steps ?? [];
    const [command] = step?.commands ?? [];
    expect(Object.keys(model)).toEqual([
      'schema',
      'title',
      'kind',
      'plain',
      'inputs',
      'metrics',
      'target',
      'rollback',
      'phases',
      'diagnostics',
    ]);
    expect(Object.keys(phase ?? {})).toEqual(['title', 'line', 'offPath', 'choice', 'at', 'steps', 'phases']);
    expect(Object.keys(step ?? {})).toEqual([
      'id',
      'name',
      'kind',
      'title',
      'line',
      'optional',
      'steps',
      'actions',
      'commands',
    ]);
    expect(Object.keys(command ?? {})).toEqual([
      'script',
      'shell',
      'lines',
      'attributes',
      'risk',
      'placeholders',
      'uses',
      'sets',
      'sample',
      'blocked',
    ]);
    expect(Object.keys(model.diagnostics[0] ?? {})).toEqual(['code', 'severity', 'line', 'column', 'message']);
  });

  it('says what the model says', () => {
    expect(model).toMatchObject({ schema: 1, title: 'T', kind: 'hotfix', plain: false, target: { namespace: 'shop' } });
    expect(model.phases[0]).toMatchObject({ at: 'T+5m', offPath: null, choice: null });
    expect(model.phases[0]?.steps[0]).toMatchObject({ id: '1.1', name: 'a', kind: 'command', optional: true });
    expect(model.phases[0]?.steps[0]?.commands).toMatchObject([
      { lines: [[14, 14]], attributes: { timeout: '5m' }, sample: { text: '', lines: [] }, blocked: null },
    ]);
    expect(model.diagnostics[0]).toMatchObject({ code: 'W324', severity: 'warning', line: 6, column: 15 });
  });

  it('names the content of every action by its kind', () => {
    const actions = model.phases[0]?.steps[1]?.actions ?? [];
    expect(actions.map((action) => action.kind)).toEqual([
      'gate',
      'baseline',
      'decide',
      'ask',
      'approve',
      'message',
      'handoff',
    ]);
    for (const action of actions) expect(Object.keys(action)).toEqual(['kind', action.kind]);
  });

  it('fits its schema', () => {
    expect(modelSchema.parse(JSON.parse(JSON.stringify(model)))).toEqual(JSON.parse(JSON.stringify(model)));
    expect(modelSchema.safeParse({ ...model, extra: 1 }).success).toBe(false);
  });
});

describe('shipped schemas', () => {
  const schemas = jsonSchemas();
  it.each(Object.keys(schemas))('%s is the one that the source gives (npm run schema)', (name) => {
    const committed = readFileSync(new URL(`../../../schema/${name}`, import.meta.url), 'utf8');
    expect(committed).toBe(schemaText(schemas[name] as object));
  });

  it('let an editor accept what YAML makes of scalars', () => {
    expect(schemas['runbook.schema.json']).toMatchObject({
      properties: {
        gonogo: { enum: [1, '1'] },
        target: { properties: { production: { type: ['string', 'number', 'boolean'] } }, additionalProperties: false },
        kind: { enum: expect.arrayContaining(['hotfix']) },
      },
    });
  });
});
