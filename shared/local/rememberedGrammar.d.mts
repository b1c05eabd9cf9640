import type { Plugin } from 'esbuild';

/** Lets the grammar of sip.js decode each of its rules once, where it decodes all of them for every header field. */
export const rememberedGrammar: Plugin;
