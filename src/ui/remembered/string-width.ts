// The build puts this in the place of the package, for Ink.
import stringWidth, { type Options } from '#string-width';
import { remember } from './remember.ts';

const plain = remember((text) => stringWidth(text), 4_000);

const rememberedWidth = (text: string, options?: Options): number =>
  options === undefined ? plain(text) : stringWidth(text, options);

export default rememberedWidth;
