import { expect } from 'chai';
import { ProxySettingsError } from '../../../lib/proxy/errors/proxy-errors.js';
import { startProxy } from '../../../lib/proxy/forwarding/start-proxy.js';

describe('startProxy', () => {
  const upstreams = ['http://127.0.0.1:1'];

  for (const option of ['silentBodySeconds', 'stalledClientSeconds', 'probeSeconds'] as const) {
    for (const seconds of [-1, Number.NaN, 2_200_000]) {
      it(`rejects ${seconds} as ${option}`, async () => {
        const started = startProxy({ upstreams, port: 0, [option]: seconds });
        const error = await started.then(
          (proxy) => proxy.close(),
          (refused: unknown) => refused,
        );
        expect(error).to.be.instanceOf(ProxySettingsError);
        expect((error as Error).message).to.match(
          new RegExp(`^${option} is ${seconds}; expected a number of seconds above 0`),
        );
      });
    }
  }
});
