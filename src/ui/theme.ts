/** Colours and glyphs by meaning. Colour never stands alone: each verdict has its word. */
export interface Theme {
  readonly color: {
    /** The one accent: where the operator is now. */
    readonly now: string | undefined;
    readonly ok: string | undefined;
    readonly wait: string | undefined;
    readonly fail: string | undefined;
    readonly blind: string | undefined;
  };
  readonly glyph: {
    readonly done: string;
    readonly failed: string;
    readonly now: string;
    readonly open: string;
    readonly skipped: string;
    readonly attention: string;
    readonly cursor: string;
    readonly barFull: string;
    readonly barEmpty: string;
    readonly line: string;
    readonly arrow: string;
    readonly into: string;
    readonly more: string;
    /** Heights of a sparkline's cell, the lowest first. */
    readonly levels: readonly string[];
    readonly chart: {
      /** One line of values: level, and how a column leaves one row and arrives at another. */
      readonly line: {
        readonly level: string;
        readonly up: string;
        readonly leavesUp: string;
        readonly arrivesUp: string;
        readonly leavesDown: string;
        readonly arrivesDown: string;
      };
      readonly control: string;
      readonly limit: string;
      readonly band: string;
    };
    readonly axis: {
      readonly side: string;
      readonly tick: string;
      readonly corner: string;
      readonly foot: string;
      readonly mark: string;
      readonly names: string;
    };
  };
  readonly border: 'single' | 'classic';
}

type Environment = Readonly<Record<string, string | undefined>>;

const utf8 = (environment: Environment): boolean =>
  /utf-?8/i.test(environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '');

const unicode: Theme['glyph'] = {
  done: '✓',
  failed: '✗',
  now: '▸',
  open: '·',
  skipped: '–',
  attention: '!',
  cursor: '▏',
  barFull: '█',
  barEmpty: '░',
  line: '─',
  arrow: '→',
  into: '›',
  more: '…',
  levels: [...'▁▂▃▄▅▆▇█'],
  chart: {
    line: { level: '─', up: '│', leavesUp: '╯', arrivesUp: '╭', leavesDown: '╮', arrivesDown: '╰' },
    control: '·',
    limit: '╌',
    band: '░',
  },
  axis: { side: '│', tick: '┤', corner: '└', foot: '┴', mark: '┊', names: '▲' },
};
const ascii: Theme['glyph'] = {
  done: 'v',
  failed: 'x',
  now: '>',
  open: '.',
  skipped: '-',
  attention: '!',
  cursor: '|',
  barFull: '#',
  barEmpty: '-',
  line: '-',
  arrow: '->',
  into: '>',
  more: '...',
  levels: [...'_.:-=+*#'],
  chart: {
    line: { level: '*', up: '*', leavesUp: '*', arrivesUp: '*', leavesDown: '*', arrivesDown: '*' },
    control: '.',
    limit: '=',
    band: ':',
  },
  axis: { side: '|', tick: '+', corner: '+', foot: '+', mark: '|', names: '^' },
};

/** `name` is the setting `theme`; `NO_COLOR` and a locale without UTF-8 win over it. */
export const themeFor = (name: string, environment: Environment): Theme => {
  const mono = Boolean(environment.NO_COLOR) || name === 'mono';
  const glyphs = utf8(environment) ? unicode : ascii;
  const color: Theme['color'] = mono
    ? { now: undefined, ok: undefined, wait: undefined, fail: undefined, blind: undefined }
    : { now: 'cyan', ok: 'green', wait: name === 'light' ? 'blue' : 'yellow', fail: 'red', blind: 'magenta' };
  return { color, glyph: glyphs, border: utf8(environment) ? 'single' : 'classic' };
};
