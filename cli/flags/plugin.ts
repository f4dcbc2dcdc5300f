import type { CommandArguments } from '../command/command-arguments.js';

/** The flag of plugins, which are modules that export node kinds. */
export const pluginFlags = {
  plugin: { type: 'string', describe: 'JavaScript module that exports node kinds; repeatable' },
} as const;

/** Reads the plugins, in order. */
export function readPlugins(args: CommandArguments): { readonly plugins: readonly string[] } {
  return { plugins: args.texts('plugin', 'a JavaScript module that exports node kinds') };
}
