import { expect } from 'chai';
import { connectRunModels } from '../../../cli/executor/connect-run-models.js';
import { captureOutput } from '../../support/captured-output.js';
import { startFakeOllama } from '../../support/fake-ollama.js';
import { freePort } from '../../support/free-port.js';

describe('connectRunModels', () => {
  const given = { provider: undefined, model: undefined };

  it('prefers flags to the graph file, and closes the models at the end', async () => {
    const steps: (() => Promise<void>)[] = [];
    const settings = { default: { provider: 'ollama', model: 'l' }, other: { provider: 'ollama', model: 'o' } };
    const { output } = captureOutput();
    const context = { output, defer: (step: () => Promise<void>) => void steps.push(step) };
    const models = await connectRunModels({ ...given, provider: 'embedded' }, context, { settings });
    expect([models.default.provider, models.get('other').model]).to.deep.equal(['embedded', 'o']);
    const same = await connectRunModels({ ...given, model: 'm' }, context, { settings });
    expect([same.default.provider, same.default.model]).to.deep.equal(['ollama', 'm']);
    for (const step of steps) await step();
    expect(steps).to.have.length(2);
  });

  it('prints one warning if the Redis of shared rate limits is down', async () => {
    const { output, stderr } = captureOutput();
    const steps: (() => Promise<void>)[] = [];
    const store = `redis://me:secret@127.0.0.1:${await freePort()}`;
    const { default: model } = await connectRunModels(
      { ...given, provider: 'embedded', resilience: { resilience: { rate: { requests_per_minute: 60, store } } } },
      { output, defer: (step) => void steps.push(step) },
    );
    for (const prompt of ['1+1', '1+2']) await model.generate({ prompt });
    for (const step of steps) await step();
    expect(stderr.text.match(/this process now limits only its own requests\.\n/g)).to.have.length(1);
    expect(stderr.text)
      .to.match(/The Redis at redis:\/\/127\.0\.0\.1:\d+ failed to count requests: /)
      .and.not.include('secret');
  });

  it('uses the server of --base-url', async () => {
    const ollama = await startFakeOllama({});
    try {
      const { default: model } = await connectRunModels(
        { ...given, provider: 'ollama', baseUrl: ollama.url },
        { output: captureOutput().output, defer: () => undefined },
      );
      expect(model.url).to.equal(ollama.url);
    } finally {
      await ollama.close();
    }
  });
});
