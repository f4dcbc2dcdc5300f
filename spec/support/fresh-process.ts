import { runNode } from './run-node.js';

/**
 * Runs a JavaScript module in a separate process and returns its output. The module can import the package `tinyllm`,
 * whose metrics are then unused.
 *
 * @throws {Error} with the error output if the process fails.
 */
export async function inFreshProcess(script: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const sources = ['--conditions=tinyllm-source', '--import=./spec/support/register.js'];
  const { code, stdout, stderr } = await runNode([...sources, '--input-type=module', '--eval', script], { env });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}
