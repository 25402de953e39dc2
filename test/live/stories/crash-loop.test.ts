import { tellsOf } from './support/bad-version.ts';

tellsOf({
  what: 'a crash loop',
  version: 'v2.3.0-crash',
  states: ['CrashLoopBackOff'],
  says: /FAIL.*CrashLoopBackOff/,
});
