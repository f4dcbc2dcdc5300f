import { expect } from 'chai';
import { inFreshProcess } from '../../support/fresh-process.js';
import { parseText } from '../../support/parse-text.js';

describe('the configuration', function () {
  this.timeout(30_000);

  it('applies to worker threads that are started later, also with their own calls of configureMetrics', async () => {
    const worker = (configuration: string) => `
      import('tinyllm').then(async ({ configureMetrics, trackNode, withLabels }) => {
        ${configuration}
        await withLabels({ tenant: 'acme' }, trackNode(async () => {}, { node: 'n' }));
      });`;
    const text = await inFreshProcess(
      `
      import { once } from 'node:events';
      import { Worker } from 'node:worker_threads';
      import { configureMetrics, registry, startMetricsServer, trackNode, withLabels } from 'tinyllm';
      configureMetrics({ labels: ['tenant'], buckets: { tinyllm_node_execution_duration_seconds: [7] } });
      configureMetrics({ dropLabels: { tinyllm_node_execution_duration_seconds: ['graph'] }, constantLabels: { env: 'test' } });
      const server = await startMetricsServer({ port: 0 });
      const work = trackNode(async () => {}, { node: 'n' });
      await withLabels({ tenant: 'acme' }, work);
      for (const code of ${JSON.stringify([worker(''), worker("configureMetrics({ labels: ['tenant'] });")])}) {
        await once(new Worker(code, { eval: true, execArgv: [] }), 'exit');
      }
      console.log(await (await fetch(server.url + '/metrics')).text());
      await server.close();
    `,
      { isBuilt: true },
    );
    const samples = parseText(text).flatMap((family) => family.samples);
    const of = (name: string) => samples.filter((sample) => sample.name === name);
    expect(of('tinyllm_node_executions_total').map(({ labels, value }) => ({ ...labels, value }))).to.deep.equal([
      { node: 'n', graph: 'default', tenant: 'acme', env: 'test', value: 3 },
    ]);
    const buckets = of('tinyllm_node_execution_duration_seconds_bucket');
    expect(buckets.map(({ labels, value }) => ({ ...labels, value }))).to.deep.equal(
      ['7', '+Inf'].map((le) => ({ node: 'n', tenant: 'acme', le, env: 'test', value: 3 })),
    );
  });
});
