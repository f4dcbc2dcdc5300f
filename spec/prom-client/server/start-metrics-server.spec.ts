import { expect } from 'chai';
import { Registry as OriginalRegistry } from 'prom-client';
import { registry } from '../../../lib/core/index.js';
import { Counter, Registry, register, startMetricsServer } from '../../../lib/prom-client/index.js';
import { sampleValue } from '../../support/parse-text.js';

describe('startMetricsServer', () => {
  afterEach(() => register.clear());

  const scrape = async (options: Parameters<typeof startMetricsServer>[0]): Promise<string> => {
    const server = await startMetricsServer({ port: 0, ...options });
    try {
      return await (await fetch(`${server.url}/metrics`)).text();
    } finally {
      await server.close();
    }
  };

  it('serves the shared registry by default, and if the registry is the default one', async () => {
    new Counter({ name: 'own_total', help: 'Own.' }).inc(2);
    register.setDefaultLabels({ zone: 'a' });
    for (const options of [{}, { registry: register }, { registry }]) {
      const text = await scrape(options);
      expect(sampleValue(text, 'own_total', { zone: 'a' })).to.equal(2);
      expect(text).to.include('# TYPE tinyllm_requests_total counter');
    }
  });

  it('serves another registry without other metrics', async () => {
    const own = new Registry();
    new Counter({ name: 'own_total', help: 'Own.', registers: [own] }).inc(3);
    for (const thread of [true, false]) {
      const text = await scrape({ registry: own, thread });
      expect(sampleValue(text, 'own_total')).to.equal(3);
      expect(text).not.to.include('tinyllm_requests_total');
    }
  });

  it('rejects a registry of the original prom-client and other values, and shows what it expects', async () => {
    const expected =
      'for the option "registry"; expected a Registry of @tinyllm/prom-client or the registry of tinyllm.';
    for (const [value, received] of [
      [new OriginalRegistry(), 'a registry of the original prom-client'],
      [{ metrics: () => '' }, 'a value of type object'],
      ['register', 'a value of type string'],
      [null, 'null'],
    ]) {
      for (const thread of [true, false]) {
        await startMetricsServer({ port: 0, thread, registry: value as never }).then(
          () => expect.fail('The server has started.'),
          ({ name, message }: Error) => {
            expect(name).to.equal('MetricsConfigurationError');
            expect(message).to.include(`startMetricsServer got ${received} ${expected}`).and.not.include('\n');
          },
        );
      }
    }
  });

  it('rejects invalid options', async () => {
    const rejection = startMetricsServer({ port: '9090' as never });
    await rejection.then(
      () => expect.fail('The server has started.'),
      (error: Error) => expect(error.name).to.equal('MetricsConfigurationError'),
    );
  });
});
