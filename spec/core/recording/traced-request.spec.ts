import { TraceFlags } from '@opentelemetry/api';
import { expect } from 'chai';
import { followRegistry, unfollowRegistry } from '../../../lib/core/aggregation/follow-registry.js';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { writeOpenMetrics } from '../../../lib/core/formats/openmetrics.js';
import { getMetricsCollector, registry } from '../../../lib/core/index.js';
import type { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { RequestCalls } from '../../../lib/core/recording/request-calls.js';
import { dialects } from '../../support/dialects.js';
import { parseOpenMetrics } from '../../support/parse-openmetrics.js';
import { freshGraph, scraped } from '../../support/shared-scrape.js';
import { inSpan, sampledSpan, startTracing, stopTracing } from '../../support/tracing.js';

const labels = { trace_id: sampledSpan.traceId, span_id: sampledSpan.spanId };

/** The samples of a graph that have an exemplar. */
function exemplified(graph: string) {
  const gatherer = new Gatherer();
  followRegistry(registry as SharedRegistry, gatherer);
  const families = parseOpenMetrics(`${writeOpenMetrics(gatherer.families())}# EOF\n`);
  unfollowRegistry(gatherer);
  return families
    .flatMap(({ samples }) => samples)
    .filter((sample) => sample.labels.graph === graph && sample.exemplar !== undefined);
}

const namesOf = (graph: string) => exemplified(graph).map(({ name }) => name);
const both = ['tinyllm_requests_total', 'tinyllm_request_latency_seconds_bucket'];

describe('a request in a span', () => {
  before(startTracing);
  after(stopTracing);

  const [dialect] = dialects;
  const setUp = () => {
    const graph = freshGraph();
    const { Client, Node } = (dialect as NonNullable<typeof dialect>).subjects(graph);
    return { graph, client: new Client(), node: new Node() };
  };

  it('refers to its span in its counter and in the bucket of its latency', async () => {
    const { client, graph } = setUp();
    await inSpan(sampledSpan, () => client.generate(() => 'answer'));
    const finished = { model: 'model', graph, finish_reason: 'stop' };
    expect(await scraped('tinyllm_requests_finished_total', finished)).to.equal(1);
    const [count, bucket, ...rest] = exemplified(graph);
    expect(rest).to.deep.equal([]);
    expect(count).to.deep.include({ name: both[0], value: 1 });
    expect(count?.exemplar).to.deep.include({ labels, value: 1 });
    expect(bucket).to.deep.include({ name: both[1], value: 1 });
    expect(bucket?.exemplar).to.deep.include({ labels });
    expect(bucket?.exemplar?.value).to.be.at.most(Number(bucket?.labels.le));
  });

  it('refers to the span in which it began, wherever it ends', async () => {
    const { client, graph } = setUp();
    let answer = (_text: string): void => {};
    const begun = inSpan(sampledSpan, () => client.generate(() => new Promise((resolve) => (answer = resolve))));
    inSpan({ ...sampledSpan, spanId: '1'.repeat(16) }, () => answer('late'));
    expect(await begun).to.equal('late');
    expect(namesOf(graph)).to.deep.equal(both);
    for (const { exemplar } of exemplified(graph)) expect(exemplar?.labels).to.deep.equal(labels);
  });

  it('refers to its span when it fails, and when a stream is read outside the span', async () => {
    const failing = setUp();
    await inSpan(sampledSpan, () => failing.client.generate(() => Promise.reject(new Error('no')))).catch(() => {});
    expect(namesOf(failing.graph)).to.deep.equal(both);
    expect(
      await scraped('tinyllm_errors_total', { error_type: 'Error', model: 'model', graph: failing.graph }),
    ).to.equal(1);
    const streaming = setUp();
    const chunks = inSpan(sampledSpan, () => streaming.client.stream(['a', 'b']));
    for await (const _ of chunks) expect(namesOf(streaming.graph)).to.deep.equal(both.slice(0, 1));
    expect(namesOf(streaming.graph)).to.deep.equal(both);
    const streamed = { model: 'model', graph: streaming.graph };
    expect(await scraped('tinyllm_time_to_first_token_seconds_count', streamed)).to.equal(1);
    expect(await scraped('tinyllm_active_requests', streamed)).to.equal(0);
  });

  it('refers to its span when it is cancelled', async () => {
    const { client, graph } = setUp();
    const gone = new DOMException('gone', 'AbortError');
    await inSpan(sampledSpan, () => client.generate(() => Promise.reject(gone))).catch(() => {});
    expect(namesOf(graph)).to.deep.equal(both);
    const finished = { model: 'model', graph, finish_reason: 'cancelled' };
    expect(await scraped('tinyllm_requests_finished_total', finished)).to.equal(1);
  });

  it('refers to its span when its response has already been read', async () => {
    const graph = freshGraph();
    const request = { model: 'model', requestType: 'generate', self: undefined, args: [] } as const;
    inSpan(sampledSpan, () => new RequestCalls({ graph }).begin(request)).answered({ finishReason: 'length' });
    expect(namesOf(graph)).to.deep.equal(both);
    const finished = { model: 'model', graph, finish_reason: 'length' };
    expect(await scraped('tinyllm_requests_finished_total', finished)).to.equal(1);
  });

  it('needs a sampled span for an exemplar; nodes never have exemplars', async () => {
    const { client, graph, node } = setUp();
    await client.generate(() => 'answer');
    await inSpan({ ...sampledSpan, traceFlags: TraceFlags.NONE }, () => client.generate(() => 'answer'));
    inSpan(sampledSpan, () => node.run(() => 1));
    expect(exemplified(graph)).to.deep.equal([]);
  });

  it('refers to its span when it is recorded manually', async () => {
    const graph = freshGraph();
    const collector = getMetricsCollector();
    const timer = inSpan(sampledSpan, () => {
      collector.incrementRequestCount({ graph });
      return collector.trackRequestLatency({ graph });
    });
    timer.end();
    expect(namesOf(graph)).to.deep.equal(both);
    const untraced = freshGraph();
    collector.incrementRequestCount({ graph: untraced });
    collector.trackRequestLatency({ graph: untraced }).end();
    expect(exemplified(untraced)).to.deep.equal([]);
  });
});
