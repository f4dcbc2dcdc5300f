import { expect } from 'chai';
import { ModelUnavailableError } from '../../../../lib/core/errors/model-errors.js';
import { withLlama } from '../../../../lib/executor/models/llama-cpp/llama-engine.js';
import type { LlamaLibrary } from '../../../../lib/executor/models/llama-cpp/llama-library.js';
import { StubLlama } from '../../../support/stub-llama.js';

describe('withLlama', () => {
  it('loads llama.cpp once, and passes its error lines to each running call', async () => {
    const { library } = new StubLlama();
    let loads = 0;
    let logError = (_line: string): void => undefined;
    const counted: LlamaLibrary = {
      ...library,
      getLlama: (options) => {
        loads += 1;
        logError = (line) => options.logger('error', `${line}\n`);
        return library.getLlama(options);
      },
    };
    const received = await withLlama(counted, async (_engine, errorLines) => {
      logError('first');
      await withLlama(counted, async () => logError('second'));
      return errorLines;
    });
    logError('third');
    expect([...received]).to.deep.equal(['first', 'second']);
    expect(loads).to.equal(1);
  });

  it('reports that there is no llama.cpp for this machine, and tries again at the next call', async () => {
    const { library } = new StubLlama();
    let isAvailable = false;
    const broken: LlamaLibrary = {
      ...library,
      getLlama: (options) =>
        isAvailable
          ? library.getLlama(options)
          : Promise.reject(Object.assign(new Error('no'), { name: 'NoBinaryFoundError' })),
    };
    const cores = () => withLlama(broken, async ({ cpuMathCores }) => cpuMathCores);
    const thrown: unknown = await cores().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(ModelUnavailableError);
    expect((thrown as Error).message).to.match(
      /^node-llama-cpp has no prebuilt llama\.cpp for this machine, \w+ \w+ \(NoBinaryFoundError\); install it with `npm install /,
    );
    isAvailable = true;
    expect(await cores()).to.equal(1);
  });
});
