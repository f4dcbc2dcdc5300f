import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { catalog } from '../../lib/core/catalog/catalog.js';
import { needPrograms, python, pythonPrometheusClient } from '../support/e2e-programs.js';
import { inSpan, sampledSpan, startTracing, stopTracing } from '../support/tracing.js';

type Library = typeof import('../../lib/core/index.js');
type ParsedLine = [
  family: string,
  type: string,
  unit: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  value: string,
  exemplar: readonly [labels: object, value: number, timestamp: string] | null,
];

const built = new URL('../../lib/core/dist/index.js', import.meta.url).href;
const accept = 'application/openmetrics-text; version=1.0.0';

describe('exemplars in a scrape', function () {
  this.timeout(30_000);

  before(function () {
    needPrograms(this, pythonPrometheusClient);
    startTracing();
  });
  after(stopTracing);

  it("link a bucket to the trace of a request, as read by Python's OpenMetrics parser", async () => {
    const { startMetricsServer, TrackRequest }: Library = await import(built);
    const server = await startMetricsServer({ port: 0 });
    try {
      const graph = 'exemplars';
      const methods = { generate: async () => new Promise((resolve) => setTimeout(resolve, 30)) };
      const generate = { value: methods.generate, writable: true, configurable: true };
      const { value } = TrackRequest({ model: 'm', graph })(methods, 'generate', generate) as typeof generate;
      await inSpan(sampledSpan, () => value.call(methods));

      const response = await fetch(server.url, { headers: { accept } });
      const text = await response.text();
      const { stdout, stderr } = spawnSync(python, ['spec/support/parse-exposition.py', 'openmetrics'], {
        ...{ input: text, encoding: 'utf8' },
      });
      expect(stderr).to.equal('');
      const lines = stdout.split('\n').filter((line) => line !== '');
      const parsed = lines
        .map((line) => JSON.parse(line) as ParsedLine)
        .filter(([, , , , labels]) => labels.graph === graph);
      const withExemplar = parsed.filter(([, , , , , , exemplar]) => exemplar !== null);
      expect(withExemplar.map(([, , , name]) => name)).to.deep.equal([
        catalog.requests.name,
        `${catalog.requestLatency.name}_bucket`,
      ]);
      const ids = { trace_id: sampledSpan.traceId, span_id: sampledSpan.spanId };
      for (const [, , , , , , exemplar] of withExemplar) expect(exemplar?.[0]).to.deep.equal(ids);
      const [, , , bucketName, bucketLabels, , exemplar] = withExemplar[1] as ParsedLine;
      const buckets = parsed.filter(([, , , name]) => name === bucketName);
      const first = buckets.find(([, , , , , count]) => Number(count) === 1);
      expect(bucketLabels.le).to.equal(first?.[4].le);
      expect(exemplar?.[1]).to.be.at.most(Number(bucketLabels.le));

      const classic = await (await fetch(server.url, { headers: { accept: 'text/plain' } })).text();
      expect(classic).to.contain(`graph="${graph}"`).and.not.to.contain('trace_id');
    } finally {
      await server.close();
    }
  });
});
