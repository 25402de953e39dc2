import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InterpolationPlace, interpolate, lookupIn, referencesIn } from '../../../src/runbook/interpolate.ts';

const values = {
  service: 'search',
  'run.id': '0198',
  quote: 'a"b\'c\\d',
  tick: 'a`b',
  url: 'https://grafana.example.com',
  odd: 'a b&c=d/e?f#g',
  mark: '*bold* _it_ snake_case [x](y) <b> `code` ~s~ |',
  PREVIOUS_IMAGE: 'app:v1',
};
const fill = (text: string, place: InterpolationPlace = 'plain') => interpolate(text, lookupIn(values), place).text;

describe('plain text', () => {
  it('gets inputs, captures and built-in names', () => {
    expect(fill('Deploy ${service} over ${PREVIOUS_IMAGE} (${run.id})')).toBe('Deploy search over app:v1 (0198)');
  });
  it('keeps unknown names and says which', () => {
    expect(interpolate('${a} ${b} ${a} ${service}', lookupIn(values), 'plain')).toEqual({
      text: '${a} ${b} ${a} search',
      unknown: ['a', 'b'],
      refused: [],
    });
  });
  it('leaves what is no name alone, and never reads its own output', () => {
    expect(fill('$service ${} ${a b} ${A:-x} {{service}} $${service}')).toBe(
      '$service ${} ${a b} ${A:-x} {{service}} $search',
    );
    expect(interpolate('${a}', () => '${service}', 'plain').text).toBe('${service}');
    expect(lookupIn(values)('constructor')).toBeUndefined();
  });
  it('tells where references are', () => {
    expect(referencesIn('a ${b.c} ${d-e}')).toEqual([
      { name: 'b.c', offset: 2, length: 6 },
      { name: 'd-e', offset: 9, length: 6 },
    ]);
  });
});

describe('Markdown', () => {
  it('shows the value as it is', () => {
    expect(fill('${mark}', 'markdown')).toBe(
      '\\*bold\\* \\_it\\_ snake_case \\[x\\](y) \\<b\\> \\`code\\` \\~s\\~ \\|',
    );
    expect(fill('${service} v2.3.0-rc', 'markdown')).toBe('search v2.3.0-rc');
  });
});

describe('addresses', () => {
  it('get one component', () => {
    expect(fill('https://x.example/d?q=${odd}', 'url')).toBe('https://x.example/d?q=a%20b%26c%3Dd%2Fe%3Ff%23g');
  });
  it('may begin with a value that is an address', () => {
    expect(fill('${url}/d/x', 'url')).toBe('https://grafana.example.com/d/x');
    expect(interpolate('${odd}/d', lookupIn(values), 'url')).toMatchObject({ text: '${odd}/d', refused: ['odd'] });
    expect(interpolate('${x}', () => 'javascript:alert(1)', 'url').refused).toEqual(['x']);
  });
});

describe('PromQL', () => {
  it('keeps a value inside its string', () => {
    expect(fill('up{a="${quote}"}', 'promql')).toBe('up{a="a\\x22b\\x27c\\x5cd"}');
    expect(fill("up{a='${quote}'}", 'promql')).toBe("up{a='a\\x22b\\x27c\\x5cd'}");
    expect(fill('up{a=`${quote}`}', 'promql')).toBe('up{a=`a"b\'c\\d`}');
  });
  it('outside of strings takes names, numbers and durations only', () => {
    const place = 'promql';
    expect(interpolate('rate(${m}_total[${w}])', (name) => ({ m: 'http', w: '5m' })[name], place).text).toBe(
      'rate(http_total[5m])',
    );
    expect(interpolate('up{a="b"} ${x}', () => 'or vector(0)', place).refused).toEqual(['x']);
    expect(interpolate('up{a=`${x}`}', () => 'a`}', place).refused).toEqual(['x']);
    expect(interpolate('up # it\'s\n{a="${x}"}', () => 'a"', place).text).toBe('up # it\'s\n{a="a\\x22"}');
  });
  it('no value ever ends the string it stands in', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.constantFrom('"', "'", '`'), (value, quote) => {
        const { text } = interpolate(`up{a=${quote}\${x}${quote},b="c"}`, () => value, 'promql');
        const inner = text.slice(6, -8);
        const unescaped = quote === '`' ? inner : inner.replaceAll(/\\x[0-9a-f]{2}/g, '');
        expect(unescaped.includes(quote)).toBe(false);
        if (quote !== '`') expect(unescaped).not.toMatch(/[\\\n]/);
        expect(text.endsWith(`${quote},b="c"}`)).toBe(true);
      }),
    );
  });
});
