import type { Finding } from './finding.ts';

/** E401-E407: characters that hide or disguise what a command does. */
export const checkCharacters = (_script: string): readonly Finding[] => [];
