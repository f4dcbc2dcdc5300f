import { expect } from 'chai';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { currentLabels, withLabels } from '../../../lib/core/recording/with-labels.js';
import { inFreshProcess } from '../../support/fresh-process.js';
import { parseText } from '../../support/parse-text.js';

/** Runs a script after this configuration. Returns the values of a metric with the labels `node`, `graph` and others. */
async function valuesOf(metric: string, configuration: string, script: string): Promise<Record<string, number>> {
  const text = await inFreshProcess(`
    import { setTimeout as sleep } from 'node:timers/promises';
    import {
      configureMetrics, currentLabels, getMetricsCollector, registry, trackGraph, trackNode, trackRequest, trackTool, withLabels,
    } from 'tinyllm';
    configureMetrics(${configuration});
    ${script}
    console.log(await registry.metrics());
  `);
  const samples = parseText(text).flatMap((family) => family.samples);
  return Object.fromEntries(
    samples
      .filter(({ name }) => name === metric)
      .map(({ labels, value }) => [
        Object.entries(labels)
          .map(([name, text]) => `${name}=${text}`)
          .join(' '),
        value,
      ]),
  );
}

describe('withLabels', function () {
  this.timeout(20_000);
  const nodes = 'tinyllm_node_executions_total';

  it('sets the labels of calls after an await, in timers and in inner calls, which can add labels', async () => {
    const script = `
      const work = trackNode(async () => {}, { node: 'n' });
      await withLabels({ tenant: 'acme' }, async () => {
        await work();
        await sleep(1);
        await work();
        await new Promise((resolve) => setTimeout(() => resolve(work()), 1));
        await withLabels({ team: 'red', tenant: undefined }, () => work());
        await withLabels({ tenant: 7 }, () => work());
        await work();
      });
      await work();`;
    expect(await valuesOf(nodes, "{ labels: ['tenant', 'team'] }", script)).to.deep.equal({
      'node=n graph=default tenant=acme team=': 4,
      'node=n graph=default tenant=acme team=red': 1,
      'node=n graph=default tenant=7 team=': 1,
      'node=n graph=default tenant= team=': 1,
    });
  });

  it('applies to streams that it returns, wherever they are read, and to concurrent calls separately', async () => {
    const script = `
      const work = trackNode(async () => {}, { node: 'n' });
      async function* stream() {
        for (const _chunk of [1, 2]) {
          await work();
          yield 1;
        }
      }
      const read = async (chunks) => { for await (const _chunk of chunks) await sleep(1); };
      await Promise.all([
        read(withLabels({ tenant: 'direct' }, stream)),
        read(await withLabels({ tenant: 'promised' }, async () => stream())),
        read((await withLabels({ tenant: 'inside' }, async () => ({ stream: stream() }))).stream),
      ]);`;
    expect(await valuesOf(nodes, "{ labels: ['tenant'] }", script)).to.deep.equal({
      'node=n graph=default tenant=direct': 2,
      'node=n graph=default tenant=promised': 2,
      'node=n graph=default tenant=inside': 2,
    });
  });

  it('applies to the methods of the collector', async () => {
    const script = `
      const metrics = getMetricsCollector();
      withLabels({ tenant: 'acme' }, () => metrics.trackNodeExecution({ node: 'n' }, () => {}));
      metrics.trackNodeExecution({ node: 'n' }, () => {});`;
    expect(await valuesOf(nodes, "{ labels: ['tenant'] }", script)).to.deep.equal({
      'node=n graph=default tenant=acme': 1,
      'node=n graph=default tenant=': 1,
    });
  });

  it('removes a label whose value is empty, so that custom metrics omit it too', async () => {
    const output = await inFreshProcess(`
      import { configureMetrics, currentLabels, withLabels } from 'tinyllm';
      configureMetrics({ labels: ['tenant', 'team'] });
      const labels = withLabels({ tenant: 'a', team: '' }, () => withLabels({ tenant: '', team: 'b' }, currentLabels));
      console.log(JSON.stringify(labels));`);
    expect(JSON.parse(output)).to.deep.equal({ team: 'b' });
  });

  it('returns the result of the function, and throws its error', async () => {
    const output = await inFreshProcess(`
      import { configureMetrics, currentLabels, withLabels } from 'tinyllm';
      configureMetrics({ labels: ['tenant', 'team'] });
      const result = {};
      class Later extends Promise {}
      const later = new Later(() => {});
      const inner = withLabels({ tenant: 'a' }, () => withLabels({ team: 'b' }, currentLabels));
      let thrown;
      try { withLabels({}, () => { throw new RangeError('no'); }); } catch (error) { thrown = error.message; }
      const rejected = await withLabels({}, async () => { throw new RangeError('late'); }).catch((error) => error.message);
      console.log(JSON.stringify([
        withLabels({}, () => result) === result, withLabels({}, () => later) === later,
        await withLabels({ tenant: 'a' }, async () => result) === result,
        withLabels({ tenant: 'a' }, () => Object.assign(Promise.resolve(), { cancel: 7 })).cancel, thrown, rejected, inner, currentLabels(), Object.isFrozen(inner),
      ]));`);
    expect(JSON.parse(output)).to.deep.equal([true, true, true, 7, 'no', 'late', { tenant: 'a', team: 'b' }, {}, true]);
  });

  const invalid: readonly (readonly [args: readonly unknown[], message: string])[] = [
    [[null, () => 1], 'withLabels got null; expected an object of labels'],
    [['acme', () => 1], 'withLabels got a value of type string; expected an object of labels'],
    [[['acme'], () => 1], 'withLabels got an array; expected an object of labels'],
    [
      [{}],
      "withLabels got undefined; expected a function as the second argument: write withLabels({ tenant: 'acme' }, () => …).",
    ],
  ];
  for (const [args, message] of invalid) {
    it(`rejects with: ${message}`, () => {
      const call = withLabels as (...args: readonly unknown[]) => unknown;
      expect(() => call(...args)).to.throw(MetricsConfigurationError, message);
    });
  }

  it('rejects values that are not texts', async () => {
    const output = await inFreshProcess(`
      import { configureMetrics, withLabels } from 'tinyllm';
      configureMetrics({ labels: ['tenant'] });
      for (const tenant of [{}, null, () => 1]) {
        try { withLabels({ tenant }, () => {}); } catch (error) { console.log(error.message); }
      }`);
    expect(output.trim().split('\n')).to.deep.equal(
      ['a value of type object', 'null', 'a value of type function'].map(
        (got) => `withLabels got ${got} for the label "tenant"; expected a string, a number, a boolean or undefined.`,
      ),
    );
  });

  it('rejects labels that are not declared, and does not call the function', async () => {
    let called = false;
    expect(() => withLabels({ tenant: 'acme' }, () => (called = true))).to.throw(
      MetricsConfigurationError,
      'withLabels got the label "tenant"; no label is declared. Add it to the labels of configureMetrics, before the first call.',
    );
    expect(called).to.equal(false);
    expect(currentLabels()).to.deep.equal({});
    const output = await inFreshProcess(`
      import { configureMetrics, withLabels } from 'tinyllm';
      configureMetrics({ labels: ['tenant', 'team'] });
      try { withLabels({ tennant: 'acme' }, () => {}); } catch (error) { console.log(error.message); }`);
    expect(output).to.contain(
      'withLabels got the label "tennant"; expected one of tenant, team. Correct the name, or add it to the labels of',
    );
  });
});

describe('graphContext', function () {
  this.timeout(20_000);
  const script = `
    const node = trackNode(async () => {}, { node: 'n' });
    const own = trackNode(async () => {}, { node: 'n', graph: 'own' });
    const inner = trackGraph(async () => node(), { graph: 'inner' });
    const outer = trackGraph(async () => {
      await node();
      await own();
      await inner();
      await new Promise((resolve) => setTimeout(() => resolve(node()), 1));
    }, { graph: 'outer', labels: { tenant: 'acme' } });
    const streaming = trackGraph(async function* () { await node(); yield 1; await node(); }, { graph: 'streaming' });
    await outer();
    for await (const _chunk of streaming()) await node();
    await node();`;

  it('lets calls without the option `graph` use the running graph and its labels', async () => {
    const configuration = "{ labels: ['tenant'], graphContext: true }";
    expect(await valuesOf('tinyllm_node_executions_total', configuration, script)).to.deep.equal({
      'node=n graph=outer tenant=acme': 2,
      'node=n graph=own tenant=acme': 1,
      'node=n graph=inner tenant=acme': 1,
      'node=n graph=streaming tenant=': 2,
      'node=n graph=default tenant=': 2,
    });
  });

  it('is off by default', async () => {
    expect(await valuesOf('tinyllm_node_executions_total', '{}', script)).to.deep.equal({
      'node=n graph=default': 7,
      'node=n graph=own': 1,
    });
  });

  it('also applies to requests, tools and the synchronous part of a graph', async () => {
    const calls = `
      const tool = trackTool(() => 1, { tool: 't' });
      const request = trackRequest(() => 'answer', { model: 'm' });
      trackGraph(() => [tool(), request()], { graph: 'g' })();`;
    const configuration = '{ graphContext: true }';
    expect(await valuesOf('tinyllm_tool_calls_total', configuration, calls)).to.deep.equal({ 'tool=t graph=g': 1 });
    expect(await valuesOf('tinyllm_requests_total', configuration, calls)).to.deep.equal({
      'model=m graph=g request_type=generate': 1,
    });
  });
});
