import { expect } from 'chai';
import { inFreshProcess } from '../../support/fresh-process.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

describe('TINYLLM_METRICS', function () {
  this.timeout(20_000);
  const imports = `
    import {
      configureMetrics, currentLabels, getMetricsCollector, getTrackedMethods, instrumentModel, metricsMiddleware,
      registry, startMetricsServer, TrackNode, trackRequest, withLabels,
    } from 'tinyllm';`;
  const calls = `
    class Work {
      async run() { return 1; }
    }
    const { run } = Work.prototype;
    const descriptor = Object.getOwnPropertyDescriptor(Work.prototype, 'run');
    Object.defineProperty(Work.prototype, 'run', TrackNode({ node: 'n' })(Work.prototype, 'run', descriptor));
    const ask = async () => 'answer';
    const asked = trackRequest(ask, { model: 'm' });
    await new Work().run();
    await asked();
    getMetricsCollector().incrementRequestCount({ model: 'manual' });
    const client = { chat: async () => ({}), generate: async () => ({}) };
    instrumentModel(client);
    await client.chat({ model: 'client' });
    const { wrapGenerate } = metricsMiddleware();
    await wrapGenerate({ doGenerate: async () => ({}), params: {}, model: { modelId: 'middleware' } });`;

  for (const value of ['off', ' OFF ']) {
    it(`with the value ${JSON.stringify(value)} leaves methods and functions unchanged, and records nothing`, async () => {
      const script = `${imports}
        configureMetrics({ labels: ['tenant'], buckets: { tinyllm_request_latency_seconds: [1] }, enabled: true });
        ${calls}
        console.log(JSON.stringify([
          Work.prototype.run === run, asked === ask, getTrackedMethods(Work).map(({ method }) => method),
          withLabels({ tenant: 'acme' }, () => 7), (await registry.metrics()).trim(),
        ]));`;
      expect(JSON.parse(await inFreshProcess(script, { env: { TINYLLM_METRICS: value } }))).to.deep.equal([
        ...[true, true, ['run'], 7, ''],
      ]);
    });
  }

  it('with the value "off" keeps no instrumented clients', async () => {
    const script = `${imports}
      class Completions { async create() {} }
      const references = [];
      for (let number = 0; number < 200; number++) {
        const client = { chat: { completions: new Completions() } };
        instrumentModel(client, { graph: () => 'g' });
        references.push(new WeakRef(client));
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
      globalThis.gc();
      console.log(references.filter((one) => one.deref() !== undefined).length, getTrackedMethods(Completions).length);`;
    const output = await inFreshProcess(script, { env: { TINYLLM_METRICS: 'off', NODE_OPTIONS: '' }, gc: true });
    const [alive, listed] = output.trim().split(' ').map(Number);
    expect(alive).to.be.at.most(5);
    expect(listed).to.equal(0);
  });

  it('with another value is reported, and changes nothing', async () => {
    const script = `${imports} ${calls}
      const server = await startMetricsServer({ port: 0, onProblem: ({ message }) => console.log(message) });
      await server.close();
      console.log(Work.prototype.run === run, asked === ask);`;
    expect(await inFreshProcess(script, { env: { TINYLLM_METRICS: 'of' } })).to.equal(
      'The environment variable TINYLLM_METRICS is "of"; expected on or off. The metrics stay on.\nfalse false\n',
    );
    for (const value of ['on', '']) {
      expect(await inFreshProcess(script, { env: { TINYLLM_METRICS: value } })).to.equal('false false\n');
    }
  });

  it('has the equivalent `enabled: false`, which can change at any time and lets running calls end', async () => {
    const text = await inFreshProcess(`${imports}
      configureMetrics({ enabled: false });
      ${calls}
      configureMetrics({ enabled: true });
      await asked();
      let finish;
      const slow = trackRequest(() => new Promise((resolve) => { finish = resolve; }), { model: 'slow' });
      const running = slow();
      configureMetrics({ enabled: false });
      finish({ usage: { inputTokens: 3, outputTokens: 4 } });
      await running;
      await asked();
      const metrics = getMetricsCollector();
      metrics.updateCircuitBreakerState({ model: 'm', state: 'open' });
      metrics.updateCircuitBreakerState({ model: 'm', state: 'closed' });
      metrics.updateQueueSize({ size: 7 });
      console.log(await registry.metrics());`);
    const requests = (model: string) =>
      sampleValue(text, 'tinyllm_requests_total', { model, graph: 'default', request_type: 'generate' });
    expect(['m', 'manual', 'client', 'middleware', 'slow'].map(requests)).to.deep.equal([
      1,
      undefined,
      undefined,
      undefined,
      1,
    ]);
    const labels = { model: 'slow', graph: 'default' };
    expect(sampleValue(text, 'tinyllm_active_requests', labels)).to.equal(0);
    expect(sampleValue(text, 'tinyllm_tokens_output_total', labels)).to.equal(4);
    expect(sampleValue(text, 'tinyllm_circuit_breaker_state', { model: 'm' }), 'the latest state').to.equal(0);
    expect(sampleValue(text, 'tinyllm_queue_size', { priority: 'normal' }), 'the latest state').to.equal(7);
    const families = parseText(text).map(({ name }) => name);
    expect(families).to.include('tinyllm_node_executions_total');
    expect(sampleValue(text, 'tinyllm_node_executions_total', { node: 'n', graph: 'default' })).to.equal(0);
  });
});
