import { expect } from 'chai';
import { ModelUnavailableError } from '../../../../lib/core/errors/model-errors.js';
import { ModelFileError } from '../../../../lib/executor/errors/model-client-errors.js';
import { loadLlamaModel } from '../../../../lib/executor/models/llama-cpp/load-model.js';
import { StubLlama } from '../../../support/stub-llama.js';

describe('loadLlamaModel', () => {
  let llama: StubLlama;
  beforeEach(() => {
    llama = new StubLlama();
  });
  afterEach(() => llama.remove());

  const load = async (contextSize?: number) =>
    loadLlamaModel({ file: await llama.file(), contextSize }, llama.load, new AbortController().signal);

  it('uses the configured context size, up to that of the model', async () => {
    expect((await load()).context.contextSize).to.equal(100);
    expect((await load(50)).context.contextSize).to.equal(50);
    llama.contextSize = 131_072;
    expect((await load()).context.contextSize).to.equal(8192);
  });

  it("reports llama.cpp's error lines", async () => {
    llama.loadFailure = new Error('Failed to load model');
    llama.errorLines = ['llama_model_load: error loading model: tensor is missing', 'failed to load model'];
    const thrown: unknown = await load().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(ModelFileError).with.property('model', 'tiny');
    expect((thrown as Error).message).to.match(
      /^The model file ".*tiny\.gguf" cannot be loaded \(tensor is missing\); it is damaged or .*\.$/,
    );
  });

  it('unloads a model whose context cannot be created', async () => {
    llama.contextFailure = new Error('Failed to create context');
    expect(await load().catch((error: unknown) => error)).to.be.instanceOf(ModelFileError);
    expect(llama.disposed).to.equal(1);
  });

  it('distinguishes insufficient memory from a damaged file', async () => {
    llama.contextFailure = Object.assign(new Error('A context size of 8192 is too large.'), {
      name: 'InsufficientMemoryError',
    });
    const thrown: unknown = await load().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(ModelUnavailableError);
    expect((thrown as Error).message).to.match(/does not fit into memory \(A context size of 8192 is too large\); use/);
  });
});
