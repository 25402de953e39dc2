import { tellsOf } from './support/bad-version.ts';

tellsOf({
  what: 'an image that is not there',
  version: 'v2.3.0-missing',
  states: ['ErrImagePull'],
  says: /FAIL.*(ErrImagePull|ImagePullBackOff)/,
});
