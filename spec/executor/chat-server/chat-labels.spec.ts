import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ChatLabels, type ChatLabelsOptions } from '../../../lib/executor/chat-server/chat-labels.js';
import { ChatServerSettingsError } from '../../../lib/executor/errors/job-errors.js';
import { parseText, sampleValue } from '../../support/parse-text.js';
import { runNode } from '../../support/run-node.js';

interface Answered {
  readonly text: string;
  readonly statuses: readonly number[];
}

/**
 * Starts a chat server with one worker in a separate process, sends requests at the same time, and returns the metrics
 * and the status of each response.
 *
 * @param options The options of the server, as JavaScript.
 * @param requests The headers of the requests. Every second request is for a stream.
 */
async function answered(options: string, requests: readonly Readonly<Record<string, string>>[]): Promise<Answered> {
  const program = `
    import { ApiKeys, EmbeddedClient, GraphExecutor, loadGraph, startChatServer } from './lib/executor/dist/index.js';
    import { configureMetrics, registry } from './lib/core/dist/index.js';
    const graph = { ...(await loadGraph('samples/graphs/multi_domain.yaml')), labels: { zone: 'eu', tenant: 'nobody' } };
    const graphs = [new GraphExecutor(graph, { model: new EmbeddedClient() })];
    configureMetrics({ labels: ['zone', 'provider'] });
    const server = await startChatServer({ graphs, port: 0, concurrency: 1, ...${options} });
    const ask = (headers, index) => fetch(server.url + '/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        model: 'multi_domain',
        stream: index % 2 === 1,
        messages: [{ role: 'user', content: '2+2' }],
      }),
    }).then(async (response) => (await response.text(), response.status));
    // Wait for the first answer, so that its labels are known first.
    const [first, ...others] = ${JSON.stringify(requests)};
    const statuses = [await ask(first, 0), ...(await Promise.all(others.map(ask)))];
    const text = await registry.metrics();
    process.stdout.write(JSON.stringify({ text, statuses }), () => process.exit());
  `;
  const { stdout, stderr } = await runNode(['--input-type=module', '--eval', program]);
  expect(stderr).to.equal('');
  return JSON.parse(stdout);
}

describe('ChatLabels', function () {
  this.timeout(30_000);

  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-labels-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('records each request with its own labels, also if requests wait in the queue', async () => {
    const tenants = ['acme', 'globex', '', 'acme', '', 'acme', 'a'.repeat(257)];
    const { text, statuses } = await answered(
      `{ labels: { tenant: { header: 'X-Tenant' }, env: { value: 'prod' } } }`,
      tenants.map((tenant) => (tenant === '' ? {} : { 'x-tenant': tenant })),
    );
    expect(statuses).to.deep.equal(tenants.map(() => 200));
    const labels = { graph: 'multi_domain', zone: 'eu', env: 'prod', provider: '' };
    const runs = (tenant: string) => sampleValue(text, 'tinyllm_graph_executions_total', { ...labels, tenant });
    // Requests without the header have the label of the graph.
    expect(['acme', 'globex', 'nobody', 'other', ''].map(runs)).to.deep.equal([3, 1, 2, 1, undefined]);
    const requests = parseText(text).find(({ name }) => name === 'tinyllm_requests_total')?.samples ?? [];
    const total = requests.reduce((sum, { value }) => sum + value, 0);
    expect(total).to.equal(tenants.length);
    for (const { labels: of } of requests) expect(of).to.include({ provider: 'embedded', zone: 'eu', env: 'prod' });
  });

  it('uses the name of the API key, and never the key', async () => {
    const keys = join(folder, 'keys.txt');
    await writeFile(keys, 'sk-one name=research\nsk-two\n');
    const headers = ['sk-one', 'sk-two', 'sk-wrong'].map((key) => ({ authorization: `Bearer ${key}` }));
    const { text, statuses } = await answered(
      `{ labels: { team: 'key' }, apiKeys: new ApiKeys(${JSON.stringify(keys)}) }`,
      headers,
    );
    expect(statuses).to.deep.equal([200, 200, 401]);
    const labels = { graph: 'multi_domain', zone: 'eu', provider: '' };
    const runs = (team: string) => sampleValue(text, 'tinyllm_graph_executions_total', { ...labels, team });
    expect([runs('research'), runs('')]).to.deep.equal([1, 1]);
    expect(text).to.not.match(/sk-/);
  });

  it('limits the values of headers', async () => {
    const tenants = ['a', 'b', 'c', 'd', 'a'];
    const headers = tenants.map((tenant) => ({ 'x-tenant': tenant, 'x-plan': tenant }));
    const { text } = await answered(
      `{
        labels: { tenant: { header: 'x-tenant' }, plan: { header: 'x-plan' } },
        labelValues: { plan: ['a', 'b'] },
        maxLabelValues: 1,
      }`,
      headers,
    );
    const labels = { graph: 'multi_domain', zone: 'eu', provider: '' };
    const runs = (tenant: string, plan: string) =>
      sampleValue(text, 'tinyllm_graph_executions_total', { ...labels, tenant, plan });
    expect([runs('a', 'a'), runs('other', 'b'), runs('other', 'other')]).to.deep.equal([2, 1, 2]);
  });

  it('gives values of headers at most half of the label sets of a metric with a series per node', async () => {
    const tenants = ['a', 'b', 'c', 'd', 'e', 'f'];
    // The graph has 7 nodes, 1 tool and 1 model, so 4 sets of values fit into half of 80 label sets.
    const { text } = await answered(
      `(configureMetrics({ maxSeriesPerMetric: 80 }), { labels: { tenant: { header: 'x-tenant' } } })`,
      tenants.map((tenant) => ({ 'x-tenant': tenant })),
    );
    const family = parseText(text).find(({ name }) => name === 'tinyllm_graph_executions_total');
    const counts = (family?.samples ?? []).map(({ labels: { tenant = '' }, value }) => [tenant, value]);
    expect(counts).to.have.length(5);
    expect(new Map(counts as [string, number][]).get('other')).to.equal(2);
    const nodes = parseText(text).find(({ name }) => name === 'tinyllm_node_executions_total')?.samples ?? [];
    expect(nodes.filter(({ labels: { tenant } }) => tenant !== 'other').length).to.be.within(1, 40);
  });

  const refused: readonly (readonly [options: Partial<ChatLabelsOptions>, message: string])[] = [
    [{ labels: { le: { value: 'a' } } }, 'labels contains "le", which is reserved for buckets of histograms'],
    [{ labels: { a: { header: 'Cookie' } } }, 'expected a header without secrets'],
    [{ labels: { team: 'key' } }, 'labels.team is "key", but the server has no API keys; pass apiKeys.'],
    [{ labels: { provider: 'provider' } }, 'labels.provider is "provider", which only the proxy supports'],
    [{ maxLabelValues: 0 }, 'maxLabelValues got 0; expected a whole number of at least 1.'],
  ];
  for (const [options, message] of refused) {
    it(`rejects ${JSON.stringify(options)}`, () => {
      expect(() => new ChatLabels({ hasApiKeys: false, graphs: [], ...options })).to.throw(
        ChatServerSettingsError,
        message,
      );
    });
  }
});
