import { stat } from 'node:fs/promises';
import {
  checkGgufFile,
  ggufModelName,
  type LlamaLibrary,
  loadLlamaLibrary,
  withLlama,
} from '@tinyllm/executor/servers';
import { readableBytes } from '../../terminal/readable-bytes.js';
import { type Finding, failed, failedWith, ok } from './finding.js';

/** Checks that llama.cpp runs in this process, and that a file is a valid model. */
export async function checkLlamaCpp(
  file: string | undefined,
  loadLibrary: () => Promise<LlamaLibrary> = () => loadLlamaLibrary(),
): Promise<readonly Finding[]> {
  return [await checkLibrary(loadLibrary), await checkFile(file)];
}

async function checkLibrary(loadLibrary: () => Promise<LlamaLibrary>): Promise<Finding> {
  try {
    return await withLlama(await loadLibrary(), async ({ cpuMathCores }) =>
      ok('llama-cpp', `node-llama-cpp is installed, and llama.cpp can use ${cpuMathCores} cores`),
    );
  } catch (error) {
    return failedWith('llama-cpp', error, 'npm install node-llama-cpp');
  }
}

async function checkFile(file: string | undefined): Promise<Finding> {
  if (file === undefined) return failed('model', 'no model file is set', 'pass --model path/to/model.gguf');
  try {
    await checkGgufFile(file);
    return ok('model', `${ggufModelName(file)}, ${readableBytes((await stat(file)).size)}`);
  } catch (error) {
    return failedWith(
      'model',
      error,
      'pass --model path/to/model.gguf; for a list of models, see https://huggingface.co/models?library=gguf',
    );
  }
}
