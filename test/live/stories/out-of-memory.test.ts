import { tellsOf } from './support/bad-version.ts';

tellsOf({
  what: 'pods killed for their memory',
  version: 'v2.3.0-oom',
  states: ['OOMKilled'],
  says: /FAIL.*OOMKilled/,
});
