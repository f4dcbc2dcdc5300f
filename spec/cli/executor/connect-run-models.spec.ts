import { expect } from 'chai';
import { connectRunModels } from '../../../cli/executor/connect-run-models.js';
import { startFakeOllama } from '../../support/fake-ollama.js';

describe('connectRunModels', () => {
  const given = { provider: undefined, model: undefined };

  it('puts what the flags say before what the file says, and closes the models afterwards', async () => {
    const steps: (() => Promise<void>)[] = [];
    const settings = { default: { provider: 'ollama', model: 'l' }, other: { provider: 'ollama', model: 'o' } };
    const context = { afterwards: (step: () => Promise<void>) => void steps.push(step) };
    const models = await connectRunModels({ ...given, provider: 'embedded' }, context, { settings });
    expect([models.default.provider, models.get('other').model]).to.deep.equal(['embedded', 'o']);
    const same = await connectRunModels({ ...given, model: 'm' }, context, { settings });
    expect([same.default.provider, same.default.model]).to.deep.equal(['ollama', 'm']);
    for (const step of steps) await step();
    expect(steps).to.have.length(2);
  });

  it('asks the server it is told', async () => {
    const ollama = await startFakeOllama({});
    try {
      const { default: model } = await connectRunModels(
        { ...given, provider: 'ollama', baseUrl: ollama.url },
        { afterwards: () => undefined },
      );
      expect(model.url).to.equal(ollama.url);
    } finally {
      await ollama.close();
    }
  });
});
