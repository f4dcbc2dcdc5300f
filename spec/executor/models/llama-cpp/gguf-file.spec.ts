import { join } from 'node:path';
import { expect } from 'chai';
import { ModelNotFoundError } from '../../../../lib/core/errors/model-errors.js';
import { ModelFileError } from '../../../../lib/executor/errors/model-client-errors.js';
import { checkGgufFile, ggufModelName } from '../../../../lib/executor/models/llama-cpp/gguf-file.js';
import { StubLlama } from '../../../support/stub-llama.js';

describe('ggufModelName', () => {
  it('returns the name of the file', () => {
    for (const [file, name] of [
      ['models/SmolLM2-135M-Instruct.Q4_1.gguf', 'SmolLM2-135M-Instruct.Q4_1'],
      ['/models/TINY.GGUF', 'TINY'],
      ['tiny', 'tiny'],
      ['.gguf', '.gguf'],
    ] as const) {
      expect(ggufModelName(file)).to.equal(name);
    }
  });
});

describe('checkGgufFile', () => {
  const llama = new StubLlama();
  after(() => llama.remove());

  const refusal = (file: string): Promise<unknown> => checkGgufFile(file).catch((error: unknown) => error);

  it('accepts files that begin like a model', async () => {
    expect(await refusal(await llama.file())).to.equal(undefined);
  });

  it('reports the problem and the path of other files', async () => {
    const text = await llama.file('text.gguf', 'hello');
    const empty = await llama.file('empty.gguf', '');
    for (const [file, problem] of [
      [text, 'begins with "hell" instead of GGUF; expected a model in the GGUF format.'],
      [empty, 'is empty; expected a model in the GGUF format.'],
      [join(text, '..'), 'is a folder; expected the path of a GGUF file.'],
    ] as const) {
      const error = await refusal(file);
      expect(error).to.be.instanceOf(ModelFileError);
      expect((error as Error).message).to.equal(`The model file ${JSON.stringify(file)} ${problem}`);
    }
    for (const file of [`${text}.old`, join(text, 'inside')]) {
      const error = await refusal(file);
      expect(error).to.be.instanceOf(ModelNotFoundError);
      expect((error as Error).message).to.include(`The model file ${JSON.stringify(file)} does not exist; expected`);
    }
  });
});
