import { stat } from 'node:fs/promises';
import {
  checkGgufFile,
  ggufModelName,
  type LlamaLibrary,
  loadLlamaLibrary,
  withLlama,
} from '@tinyllm/executor/servers';
import { readableBytes } from '../../terminal/readable-bytes.js';
import { type Finding, failed, failedBy, ok } from './finding.js';

/** Looks whether llama.cpp runs in this process, and whether a file is a model for it. */
export async function checkLlamaCpp(
  file: string | undefined,
  loadLibrary: () => Promise<LlamaLibrary> = () => loadLlamaLibrary(),
): Promise<readonly Finding[]> {
  return [await checkLibrary(loadLibrary), await checkFile(file)];
}

async function checkLibrary(loadLibrary: () => Promise<LlamaLibrary>): Promise<Finding> {
  try {
    return await withLlama(await loadLibrary(), async ({ cpuMathCores }) =>
      ok('llama-cpp', `node-llama-cpp is there, and llama.cpp runs, with ${cpuMathCores} cores of use to it`),
    );
  } catch (error) {
    return failedBy('llama-cpp', error, 'npm install node-llama-cpp');
  }
}

async function checkFile(file: string | undefined): Promise<Finding> {
  if (file === undefined) return failed('model', 'no file was named', '--model path/to/model.gguf');
  try {
    await checkGgufFile(file);
    return ok('model', `${ggufModelName(file)}, ${readableBytes((await stat(file)).size)}`);
  } catch (error) {
    return failedBy(
      'model',
      error,
      '--model path/to/model.gguf; https://huggingface.co/models?library=gguf lists some',
    );
  }
}
