import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { ModelNotFoundError } from 'tinyllm/recording';
import { ModelFileError } from '../../errors/model-client-errors.js';
import { llamaCppName } from './llama-library.js';

const suffix = /\.gguf$/i;

/** The first bytes of a file in the GGUF format. Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const magic = 'GGUF';

/** Returns the name of the model in a file: the file name without folders and `.gguf`. */
export function ggufModelName(file: string): string {
  const name = basename(file);
  return name.replace(suffix, '') || name;
}

/**
 * Checks that a file is readable and begins like a GGUF file.
 *
 * @throws {ModelNotFoundError} if the file does not exist.
 * @throws {ModelFileError} if the file cannot be read or is not in the GGUF format.
 */
export async function checkGgufFile(file: string): Promise<void> {
  const facts = { provider: llamaCppName, model: ggufModelName(file) };
  let handle: FileHandle | undefined;
  let beginning: string;
  try {
    handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    beginning = buffer.toString('latin1', 0, bytesRead);
  } catch (cause) {
    const code = String(Object(cause).code ?? cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ModelNotFoundError(
        `The model file ${JSON.stringify(file)} does not exist; expected the path of a GGUF file. https://huggingface.co/models?library=gguf lists such files.`,
        { ...facts, cause },
      );
    }
    const problem = code === 'EISDIR' ? 'is a folder; expected the path of a GGUF file' : `cannot be read (${code})`;
    throw new ModelFileError(`The model file ${JSON.stringify(file)} ${problem}.`, { ...facts, cause });
  } finally {
    await handle?.close();
  }
  if (beginning === magic) return;
  const problem = beginning === '' ? 'is empty' : `begins with ${JSON.stringify(beginning)} instead of GGUF`;
  throw new ModelFileError(
    `The model file ${JSON.stringify(file)} ${problem}; expected a model in the GGUF format.`,
    facts,
  );
}
