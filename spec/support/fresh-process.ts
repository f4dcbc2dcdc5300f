import { runNode } from './run-node.js';

/** Options of a fresh process. */
export interface FreshProcessOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Whether to import the built package. Threads need it, because they do not compile the sources. Default: false. */
  readonly isBuilt?: boolean;
  /** Whether `gc()` exists. Default: false. */
  readonly gc?: boolean;
}

/**
 * Runs a JavaScript module in a separate process and returns its output. The module can import the package `tinyllm`,
 * whose metrics are then unused.
 *
 * @throws {Error} with the error output if the process fails.
 */
export async function inFreshProcess(
  script: string,
  { env = {}, isBuilt = false, gc = false }: FreshProcessOptions = {},
): Promise<string> {
  const sources = isBuilt ? [] : ['--conditions=tinyllm-source', '--import=./spec/support/register.js'];
  const { code, stdout, stderr } = await runNode(
    [...sources, ...(gc ? ['--expose-gc'] : []), '--input-type=module', '--eval', script],
    { env },
  );
  if (code !== 0) throw new Error(stderr);
  return stdout;
}
