import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { ModelNotFoundError } from 'tinyllm/recording';
import { ModelFileError } from '../../errors/model-client-errors.js';
import { llamaCppName } from './llama-library.js';

const suffix = /\.gguf$/i;

/** What a file in the GGUF format begins with. Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const magic = 'GGUF';

/** The name of the model in a file: the file's own, without folders and `.gguf`. */
export function ggufModelName(file: string): string {
  const name = basename(file);
  return name.replace(suffix, '') || name;
}

/**
 * Sees that a file can be read and begins as a GGUF file does.
 *
 * @throws {ModelNotFoundError} when it is not there; {ModelFileError} when it cannot be read, or is something else.
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
        `There is no model file ${JSON.stringify(file)}; expected the path of a GGUF file, as https://huggingface.co/models?library=gguf lists them.`,
        { ...facts, cause },
      );
    }
    const problem = code === 'EISDIR' ? 'is a folder; expected a GGUF file in it' : `cannot be read (${code})`;
    throw new ModelFileError(`The model file ${JSON.stringify(file)} ${problem}.`, { ...facts, cause });
  } finally {
    await handle?.close();
  }
  if (beginning === magic) return;
  const got = beginning === '' ? 'is empty' : `begins with ${JSON.stringify(beginning)} and not with GGUF`;
  throw new ModelFileError(
    `The model file ${JSON.stringify(file)} ${got}; expected a model in the GGUF format.`,
    facts,
  );
}
