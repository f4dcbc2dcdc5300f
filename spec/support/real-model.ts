import { existsSync } from 'node:fs';
import type { Context } from 'mocha';

/** The file of a small language model: `TINYLLM_TEST_GGUF`, or else the file that `.ci/fetch-model` downloads. */
export const realModelFile = process.env.TINYLLM_TEST_GGUF || '.cache/llama/SmolLM2-135M-Instruct.Q4_1.gguf';

let isPrinted = false;

/**
 * Skips a spec if the model or node-llama-cpp is missing. If the environment has `TINYLLM_E2E=required`, it throws
 * instead.
 */
export function needRealModel(context: Context): void {
  if (existsSync('node_modules/node-llama-cpp') && existsSync(realModelFile)) return;
  const advice = 'end-to-end specs need a real model: .ci/fetch-model';
  if (process.env.TINYLLM_E2E === 'required') throw new Error(advice);
  if (!isPrinted) process.stderr.write(`\n  skipped; ${advice}\n`);
  isPrinted = true;
  context.skip();
}
