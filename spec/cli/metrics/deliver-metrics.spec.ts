import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Lifetime } from '../../../cli/command/lifetime.js';
import { checkDelivery, deliverMetrics } from '../../../cli/metrics/deliver-metrics.js';
import { getMetricsCollector } from '../../../lib/core/collector/shared-collector.js';
import { MetricsDeliveryError } from '../../../lib/core/errors/errors.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { startHubServer } from '../../../lib/hub/server/start-hub-server.js';
import { captureOutput } from '../../support/captured-output.js';
import { freePort } from '../../support/free-port.js';
import { sampleValue } from '../../support/parse-text.js';
import { openHub } from '../../support/pushing.js';
import { hashOfSecret, WebConfigFolder } from '../../support/web-config-folder.js';

describe('deliverMetrics', () => {
  it('pushes each run to a hub with its own instance, so that the hub adds up the runs', async () => {
    const { hub } = await openHub();
    const server = await startHubServer({ port: 0, hub, registry: new SharedRegistry() });
    const lifetime = new Lifetime(captureOutput().output);
    const metric = 'tinyllm_memory_operations_total';
    try {
      getMetricsCollector().incrementMemoryOperation({ operationType: 'delivered' });
      await deliverMetrics({ push: server.url }, lifetime);
      await deliverMetrics({ hub: server.url }, lifetime);
      // The hub gets the run only once, although two settings name it.
      await deliverMetrics({ push: server.url, hub: `${server.url}/` }, lifetime);
      const text = await (await fetch(server.url)).text();
      expect(sampleValue(text, metric, { operation_type: 'delivered' })).to.equal(3);
      expect(text, 'the gauges of a run are removed when it ends').not.to.match(/^tinyllm_system_info/m);
    } finally {
      await server.close();
    }
  });

  it('names TINYLLM_HUB if its URL is invalid or lacks a password', async () => {
    const config = await WebConfigFolder.make(`basic_auth_users:\n  me: ${hashOfSecret}\n`);
    const { hub } = await openHub();
    const server = await startHubServer({
      port: 0,
      hub,
      webConfigFile: config.file,
      registry: new SharedRegistry(),
    });
    const printedFor = async (url: string): Promise<string> => {
      const { output, stderr } = captureOutput();
      const lifetime = new Lifetime(output);
      await checkDelivery({ hub: url }, lifetime);
      await deliverMetrics({ hub: url }, lifetime);
      return stderr.text;
    };
    try {
      expect(await printedFor('nowhere')).to.match(
        /^tinyllm: TINYLLM_HUB is "nowhere"; expected a URL such as http:[^\n]+\n$/,
      );
      expect(await printedFor(server.url)).to.match(/^tinyllm: TINYLLM_HUB: .* requires a user and a password.*\n$/);
      const wrong = await printedFor(server.url.replace('//', '//me:hunter2@'));
      expect(wrong).to.contain('rejected the user and the password').and.not.to.contain('hunter2');
      expect(await printedFor(server.url.replace('//', '//me:secret@'))).to.equal('');
    } finally {
      await server.close();
      await config.remove();
    }
  });

  it('fails if a requested delivery fails, but only prints a failure of TINYLLM_HUB', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-deliver-'));
    const nobody = `http://127.0.0.1:${await freePort()}`;
    try {
      const { output, stderr } = captureOutput();
      const lifetime = new Lifetime(output);
      await deliverMetrics({ hub: nobody, metricsFile: join(folder, 'a.prom') }, lifetime);
      expect(stderr.text).to.match(/^tinyllm: TINYLLM_HUB: The metrics could not be pushed to http:\/\/127[^\n]+\n$/);
      const failed = await deliverMetrics({ push: nobody, metricsFile: join(folder, 'none/a.prom') }, lifetime).catch(
        (error: unknown) => error,
      );
      expect(failed).to.be.instanceOf(MetricsDeliveryError).with.property('message').that.contains('pushed');
      expect(stderr.text.split('\n')[1]).to.contain('cannot be written');
      const noDelivery = await checkDelivery({ metricsFile: join(folder, 'none/a.prom') }, lifetime).catch(
        (error) => error,
      );
      expect(noDelivery).to.be.instanceOf(MetricsDeliveryError);
      await checkDelivery({ metricsFile: join(folder, 'a.prom'), push: nobody }, lifetime);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
