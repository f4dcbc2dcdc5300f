import type { Given } from '../command/given.js';

/** Modules of node kinds. */
export const pluginFlags = {
  plugin: { type: 'string', describe: 'Know the node kinds that this JavaScript module exports; repeatable' },
} as const;

/** The modules that were given, in order. */
export function readPlugins(given: Given): { readonly plugins: readonly string[] } {
  return { plugins: given.texts('plugin', 'a JavaScript module that exports node kinds') };
}
