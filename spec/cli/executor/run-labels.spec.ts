import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { labelNamesOf } from '../../../cli/executor/run-labels.js';
import { TinyLLMError } from '../../../lib/core/errors/tinyllm-error.js';
import type { Graph } from '../../../lib/executor/graph/graph.js';
import { parseText, sampleValue } from '../../support/parse-text.js';
import { type CliEnd, endAllCli, startCli } from '../../support/start-cli.js';

describe('labelNamesOf', function () {
  this.timeout(30_000);
  afterEach(endAllCli);

  let folder: string;
  const path = (name: string): string => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-labels-'));
    await writeFile(path('questions.txt'), '2+2\n3+3\n');
  });
  after(() => rm(folder, { recursive: true }));

  /** Runs the command and returns the metrics that it writes to a file. */
  async function metricsOf(...args: readonly string[]): Promise<string> {
    const file = path('metrics.prom');
    const ended: CliEnd = await startCli(['run', ...args, '--provider', 'embedded', '--metrics-file', file]).end();
    expect(ended.code, ended.stderr).to.equal(0);
    return readFile(file, 'utf8');
  }

  it('returns the names of flags and graphs, each once', () => {
    const graphs = [{ labels: { tenant: 'a', env: 'b' } }, {}, { labels: { env: 'c' } }] as unknown as Graph[];
    expect(labelNamesOf(['tenant', 'zone'], graphs)).to.deep.equal(['tenant', 'zone', 'env']);
    expect(labelNamesOf(undefined, [])).to.deep.equal([]);
  });

  it('rejects more than 16 labels', () => {
    const labels = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`label${index}`, 'a']));
    expect(() => labelNamesOf(['tenant'], [{ labels }] as unknown as Graph[])).to.throw(
      TinyLLMError,
      /^--label and the graph files declare 17 labels \(tenant, label0, .*\); expected at most 16\. Remove some of them\.$/,
    );
  });

  it('lets tinyllm run record labels of flags, and the provider', async () => {
    const text = await metricsOf('What is 2+2?', '--label', 'tenant=acme', '--label', 'provider');
    const run = { graph: 'multi_domain', tenant: 'acme' };
    expect(sampleValue(text, 'tinyllm_graph_executions_total', { ...run, provider: '' })).to.equal(1);
    const requests = parseText(text).find(({ name }) => name === 'tinyllm_requests_total')?.samples;
    expect(requests?.map(({ labels }) => [labels.tenant, labels.provider])).to.deep.equal([['acme', 'embedded']]);
  });

  it('lets tinyllm run record labels of the graph file, unless a flag sets them', async () => {
    const graph = ['--graph', 'samples/graphs/labels.yaml'];
    const executions = (text: string, labels: object): number | undefined =>
      sampleValue(text, 'tinyllm_graph_executions_total', { graph: 'labels', env: 'test', ...labels });
    const single = await metricsOf('2+2', ...graph, '--label', 'tenant=globex');
    expect(executions(single, { tenant: 'globex' })).to.equal(1);
    const batch = await metricsOf('--file', path('questions.txt'), ...graph, '--label', 'zone=eu');
    expect(executions(batch, { tenant: 'acme', zone: 'eu' })).to.equal(2);
  });

  it('exits with 2 if a label is invalid, and with 1 if a label of the graph file is invalid', async () => {
    const port = ['--metrics-port', '0'];
    const flag = await startCli(['run', '2+2', ...port, '--label', 'model=a']).end();
    expect(flag).to.include({ code: 2, stdout: '' });
    expect(flag.stderr).to.contain('tinyllm: --label contains "model", which is a label of tinyllm_requests_total');
    await writeFile(path('invalid.yaml'), 'name: asked\nlabels: { job: a }\n');
    const file = await startCli(['run', '2+2', ...port, '--graph', path('invalid.yaml')]).end();
    expect(file.code).to.equal(1);
    expect(file.stderr).to.contain('invalid.yaml:2:11: labels.job: contains "job", which Prometheus sets itself');
  });
});
