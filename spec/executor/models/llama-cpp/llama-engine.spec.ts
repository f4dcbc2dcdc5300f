import { expect } from 'chai';
import { ModelUnavailableError } from '../../../../lib/core/errors/model-errors.js';
import { withLlama } from '../../../../lib/executor/models/llama-cpp/llama-engine.js';
import type { LlamaLibrary } from '../../../../lib/executor/models/llama-cpp/llama-library.js';
import { StubLlama } from '../../../support/stub-llama.js';

describe('withLlama', () => {
  it('starts llama.cpp once, and tells each what it complains about meanwhile', async () => {
    const { library } = new StubLlama();
    let starts = 0;
    let complain = (_line: string): void => undefined;
    const counted: LlamaLibrary = {
      ...library,
      getLlama: (options) => {
        starts += 1;
        complain = (line) => options.logger('error', `${line}\n`);
        return library.getLlama(options);
      },
    };
    const heard = await withLlama(counted, async (_engine, complaints) => {
      complain('first');
      await withLlama(counted, async () => complain('second'));
      return complaints;
    });
    complain('third');
    expect([...heard]).to.deep.equal(['first', 'second']);
    expect(starts).to.equal(1);
  });

  it('says that there is none for this machine, and looks again the next time', async () => {
    const { library } = new StubLlama();
    let isThere = false;
    const broken: LlamaLibrary = {
      ...library,
      getLlama: (options) =>
        isThere
          ? library.getLlama(options)
          : Promise.reject(Object.assign(new Error('no'), { name: 'NoBinaryFoundError' })),
    };
    const cores = () => withLlama(broken, async ({ cpuMathCores }) => cpuMathCores);
    const thrown: unknown = await cores().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(ModelUnavailableError);
    expect((thrown as Error).message).to.match(
      /^node-llama-cpp has no llama\.cpp that runs on this machine, \w+ \w+ \(NoBinaryFoundError\); install it with `npm install /,
    );
    isThere = true;
    expect(await cores()).to.equal(1);
  });
});
