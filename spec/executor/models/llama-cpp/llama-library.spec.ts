import { expect } from 'chai';
import { ModelUnavailableError } from '../../../../lib/core/errors/model-errors.js';
import { loadLlamaLibrary } from '../../../../lib/executor/models/llama-cpp/llama-library.js';
import { StubLlama } from '../../../support/stub-llama.js';

describe('loadLlamaLibrary', () => {
  const failure = async (error: Error): Promise<string> => {
    const thrown: unknown = await loadLlamaLibrary(() => Promise.reject(error)).catch((one: unknown) => one);
    expect(thrown).to.be.instanceOf(ModelUnavailableError);
    return (thrown as Error).message;
  };

  it('explains how to install a missing package', async () => {
    const absent = await import('node-llama-cpp-that-nobody-has' as string).catch((error: Error) => error);
    absent.message = absent.message.replace('-that-nobody-has', '');
    expect(await failure(absent)).to.equal(
      'The provider llama-cpp needs the package node-llama-cpp, which is not installed; install it with `npm install node-llama-cpp`.',
    );
  });

  it('reports why a package cannot be loaded', async () => {
    expect(await failure(new Error("Cannot find package 'chalk'"))).to.match(
      /^The package node-llama-cpp cannot be loaded \(Cannot find package 'chalk'\); /,
    );
  });

  it('returns the installed package', async () => {
    const { library } = new StubLlama();
    expect(await loadLlamaLibrary(async (name) => (name === 'node-llama-cpp' ? library : undefined))).to.equal(library);
  });
});
