/** Options of Node that say how modules are found and loaded. */
const LOADER_OPTIONS: ReadonlySet<string> = new Set([
  ...['--import', '--loader', '--experimental-loader', '--require', '-r', '--conditions', '-C'],
]);

/**
 * Of the options Node was started with, those a thread needs to load modules as its process does.
 *
 * A thread takes over all of them by default, and cannot start with some: `--input-type`, for one, is for code that
 * came with `--eval`.
 */
export function loaderOptions(execArgv: readonly string[] = process.execArgv): string[] {
  return execArgv.flatMap((option, index) => {
    const [name = '', value] = option.split(/=(.*)/s, 2);
    if (!LOADER_OPTIONS.has(name)) return [];
    return value === undefined ? [option, execArgv[index + 1] ?? ''] : [option];
  });
}
