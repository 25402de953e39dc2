import type { Judge } from './clients.ts';
import { unknownPart } from './literal.ts';
import { parseArguments } from './phrases.ts';
import { change, destroy, read, session } from './verdict.ts';

const rm: Judge = (args) => {
  const { options, words } = parseArguments({}, args);
  if (options.some(({ name }) => name === '--help' || name === '--version')) return read;
  const after = args.indexOf('--');
  const targets = after < 0 ? words : [...words, ...args.slice(after + 1)];
  if (options.some(({ name }) => /^(-r|-R|--recursive)$/.test(name))) return destroy('rm -r: deletes directories');
  const many = targets.some((target) => target === null || /[*?[]/.test(target));
  return many ? destroy('rm: deletes files by pattern') : change('rm: deletes files');
};

const sed: Judge = (args) => {
  const { options } = parseArguments({ valued: '-e -f -l --expression --file' }, args);
  const inPlace = options.some(({ name }) => name === '-i' || name === '--in-place' || name.startsWith('-i'));
  return inPlace ? change('sed -i: changes files') : read;
};

const awk: Judge = (args) => {
  const { options, words } = parseArguments(
    { valued: '-F -v -f --file --assign --field-separator -i', joined: true },
    args,
  );
  if (options.some(({ name, value }) => name === '-f' || name === '--file' || (name === '-i' && value === 'inplace'))) {
    return change('awk: runs a program from a file or changes files');
  }
  const program = words[0];
  if (program === null || program?.includes(unknownPart)) return read;
  return program !== undefined && /system\s*\(|\|\s*"|"\s*\|\s*getline|print[^}]*>\s*"/.test(program)
    ? change('awk: runs commands or writes files')
    : read;
};

const tar: Judge = (args) => {
  const first = args[0];
  if (first === undefined || first === null) return change('tar: writes files');
  const letters = /^-?[A-Za-z]+$/.test(first)
    ? first
    : args.filter((arg) => arg !== null && /^-[A-Za-z]/.test(arg)).join('');
  const long = args.filter((arg) => arg?.startsWith('--')).join(' ');
  if (/--help|--version/.test(long)) return read;
  if (/--delete|--remove-files/.test(long)) return destroy('tar: deletes files');
  const lists = /t/.test(letters) || /--list/.test(long);
  const writes = /[cxruA]/.test(letters) || /--(extract|get|create|append|update)/.test(long);
  return lists && !writes ? read : change('tar: writes files');
};

const tee: Judge = (args) => {
  const files = args.filter((arg) => arg === null || !arg.startsWith('-'));
  return files.every((file) => file !== null && /^\/dev\/(null|stdout|stderr|tty)$/.test(file))
    ? read
    : change('tee: writes a file');
};

const dd: Judge = (args) => {
  const output = args.find((arg) => arg?.startsWith('of='));
  if (output === '/dev/null' || output === 'of=/dev/null') return read;
  if (output === undefined) return read;
  return output?.startsWith('of=/dev/') ? destroy('dd: overwrites a device') : change('dd: writes a file');
};

const test: Judge = () => read;

/** Interpreters: only asking for the version or checking syntax is a read. */
const interpreter: Judge = (args, stdin, name) => {
  const first = args[0];
  if (args.length === 1 && typeof first === 'string' && /^(-V|-v|--version|version|-h|--help)$/.test(first))
    return read;
  if (/^python/.test(name)) {
    const module = first === '-m' ? args[1] : null;
    if (module === 'json.tool' || module === 'this' || module === 'site') return read;
    if (module === 'pip') return change('python -m pip: changes packages');
    const script = args.findIndex((arg) => arg?.endsWith('manage.py'));
    if (script >= 0) return managePy(args.slice(script + 1));
  }
  if (first === '-c' || first === '-e' || first === '-r' || first === '--eval' || first === '-E')
    return change(`${name} ${first}: runs code`);
  if (args.length === 0 && stdin?.downloaded === true) return destroy(`${name}: runs what was downloaded`);
  if (args.length === 0) return stdin === null ? session(name) : change(`${name}: runs code from stdin`);
  return change(`${name}: runs a program`);
};

const managePy = (args: readonly (string | null)[]) => {
  const verb = args[0] ?? '';
  if (/^(showmigrations|check|diffsettings|inspectdb|sqlmigrate|version|help|findstatic|show_urls)$/.test(verb))
    return read;
  if (args.includes('--plan') || args.includes('--dry-run') || args.includes('--check')) return read;
  if (/^(flush|sqlflush|reset_db|clear.*|delete.*|remove.*)$/.test(verb))
    return destroy(`manage.py ${verb}: deletes data`);
  return change(`manage.py ${verb}: runs a command of the application`);
};

/** Commands on files and text whose risk lies in their arguments, and interpreters. */
export const fileCommands: Readonly<Record<string, Judge>> = {
  rm,
  sed,
  gsed: sed,
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
  tar,
  tee,
  dd,
  test,
  '[': test,
  ...Object.fromEntries(
    'python python2 python3 perl ruby node nodejs deno bun php lua java irb ipython Rscript R julia groovy scala pwsh powershell tclsh expect osascript'
      .split(' ')
      .map((name) => [name, interpreter]),
  ),
};
