import { existsSync } from 'node:fs';
import type { Context } from 'mocha';

/** A small language model: the one `TINYLLM_TEST_GGUF` names, or the one that `.ci/fetch-model` fetches. */
export const realModelFile = process.env.TINYLLM_TEST_GGUF || '.cache/llama/SmolLM2-135M-Instruct.Q4_1.gguf';

let isTold = false;

/** Skips a spec when there is no model, or nothing to run it; with `TINYLLM_E2E=required` it throws instead. */
export function needRealModel(context: Context): void {
  if (existsSync('node_modules/node-llama-cpp') && existsSync(realModelFile)) return;
  const advice = 'end-to-end specs need a real model: .ci/fetch-model';
  if (process.env.TINYLLM_E2E === 'required') throw new Error(advice);
  if (!isTold) process.stderr.write(`\n  skipped; ${advice}\n`);
  isTold = true;
  context.skip();
}
