import { expect } from 'chai';
import { getTrackedMethods, MetricsCollector, registry, TrackNode, TrackRequest } from '../../../lib/core/index.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { bindRequests } from '../../../lib/core/recording/bind-requests.js';
import { dialects } from '../../support/dialects.js';
import { parseText, sampleValue } from '../../support/parse-text.js';
import { freshGraph, scraped } from '../../support/shared-scrape.js';

for (const dialect of dialects) {
  describe(`@TrackRequest (${dialect.name})`, () => {
    const setUp = () => {
      const graph = freshGraph();
      const { Client } = dialect.subjects(graph);
      const labels = { model: 'model', graph };
      const finished = (reason: string) =>
        scraped('tinyllm_requests_finished_total', { ...labels, finish_reason: reason });
      return { graph, labels, finished, client: new Client() };
    };

    it('counts and measures a request and its end', async () => {
      const { client, labels, finished } = setUp();
      expect(await client.generate(() => 'answer')).to.equal('answer');
      expect(await scraped('tinyllm_requests_total', { ...labels, request_type: 'generate' })).to.equal(1);
      expect(await scraped('tinyllm_request_latency_seconds_count', labels)).to.equal(1);
      expect(await scraped('tinyllm_active_requests', labels)).to.equal(0);
      expect(await finished('stop')).to.equal(1);
    });

    it('exposes its series with zero before the first request', async () => {
      const { labels } = setUp();
      expect(await scraped('tinyllm_requests_total', { ...labels, request_type: 'generate' })).to.equal(0);
      expect(await scraped('tinyllm_tokens_output_total', labels)).to.equal(0);
    });

    it("counts a provider's tokens, timings and finish reason", async () => {
      const { client, labels, finished } = setUp();
      await client.generate(() => ({
        done_reason: 'length',
        prompt_eval_count: 26,
        eval_count: 10,
        load_duration: 3e9,
        eval_duration: 5e9,
      }));
      expect(await scraped('tinyllm_tokens_input_total', labels)).to.equal(26);
      expect(await scraped('tinyllm_tokens_output_total', labels)).to.equal(10);
      expect(await scraped('tinyllm_request_input_tokens_sum', labels)).to.equal(26);
      expect(await scraped('tinyllm_request_output_tokens_bucket', { ...labels, le: '16' })).to.equal(1);
      expect(await scraped('tinyllm_model_load_duration_seconds_bucket', { model: 'model', le: '2' })).to.equal(0);
      expect(await finished('length')).to.equal(1);
    });

    it('reads labels and usage with its options', async () => {
      const { client, graph } = setUp();
      await client.ask({ graph, text: 'four' });
      const labels = { model: 'computed', graph };
      expect(await scraped('tinyllm_requests_total', { ...labels, request_type: 'generate' })).to.equal(1);
      expect(await scraped('tinyllm_tokens_input_total', labels)).to.equal(4);
      expect(await scraped('tinyllm_tokens_output_total', labels)).to.equal(1);
    });

    it('counts an instrumentation error if the option `usage` throws or returns invalid counts', async () => {
      const { client, graph } = setUp();
      const before = (await scraped('tinyllm_instrumentation_errors_total', { site: 'usage' })) ?? 0;
      expect(await client.ask({ graph, text: null as never })).to.equal(null);
      expect(await client.ask({ graph, text: { length: -1 } as never })).to.deep.equal({ length: -1 });
      expect(await scraped('tinyllm_instrumentation_errors_total', { site: 'usage' })).to.equal(before + 2);
      expect(await scraped('tinyllm_tokens_output_total', { model: 'computed', graph })).to.equal(0);
    });

    it('counts a result that cannot be read as an instrumentation error', async () => {
      const { client, labels } = setUp();
      const hostile = {
        get usage(): never {
          throw new Error('hands off');
        },
      };
      expect(await client.generate(() => hostile)).to.equal(hostile);
      expect(await scraped('tinyllm_active_requests', labels)).to.equal(0);
    });

    it('counts errors by type, timeouts and cancellations separately', async () => {
      const { client, labels, finished } = setUp();
      class ModelError extends Error {}
      for (const failure of [
        new ModelError('no'),
        new DOMException('late', 'TimeoutError'),
        new DOMException('gone', 'AbortError'),
      ]) {
        await client.generate(() => Promise.reject(failure)).catch(() => {});
      }
      expect([await finished('error'), await finished('timeout'), await finished('cancelled')]).to.deep.equal([
        1, 1, 1,
      ]);
      const text = await registry.getSingleMetricAsString('tinyllm_errors_total');
      const types = parseText(`${text}\n`)[0]?.samples.filter((sample) => sample.labels.graph === labels.graph);
      expect(types?.map((sample) => sample.labels.error_type)).to.have.members(['ModelError', 'timeout']);
    });

    describe('follows a stream', () => {
      it('with time to first token, gaps, and the facts in its chunks', async () => {
        const { client, labels, finished } = setUp();
        const gaps = async () => (await scraped('tinyllm_inter_token_latency_seconds_count', { model: 'model' })) ?? 0;
        const perToken = async () =>
          (await scraped('tinyllm_time_per_output_token_seconds_count', { model: 'model' })) ?? 0;
        const [gapsBefore, perTokenBefore] = [await gaps(), await perToken()];
        const chunks = [
          { message: { content: 'a' }, done: false },
          { message: { content: 'b' }, done: false },
          { done: true, done_reason: 'length', prompt_eval_count: 5, eval_count: 2 },
        ];
        const seen: unknown[] = [];
        for await (const chunk of client.stream(chunks)) seen.push(chunk);
        expect(seen).to.deep.equal(chunks);
        expect(await scraped('tinyllm_requests_total', { ...labels, request_type: 'stream' })).to.equal(1);
        expect(await scraped('tinyllm_time_to_first_token_seconds_count', labels)).to.equal(1);
        expect((await gaps()) - gapsBefore).to.equal(2);
        expect((await perToken()) - perTokenBefore).to.equal(1);
        expect(await scraped('tinyllm_tokens_input_total', labels)).to.equal(5);
        expect(await scraped('tinyllm_tokens_output_total', labels)).to.equal(2);
        expect(await finished('length')).to.equal(1);
      });

      it('from its first output on, not from chunks that only announce it', async () => {
        const { client, labels } = setUp();
        const first = async () => scraped('tinyllm_time_to_first_token_seconds_count', labels);
        for await (const _ of client.stream([{ type: 'response.created' }])) {
          expect(await first()).to.equal(undefined);
        }
        expect(await first()).to.equal(undefined);
        for await (const _ of client.stream([{ type: 'response.created' }, { type: 'response.output_text.delta' }])) {
          // read to its end
        }
        expect(await first()).to.equal(1);
      });

      it('and combines the latest counts of several chunks', async () => {
        const { client, labels, finished } = setUp();
        const events = [
          { type: 'message_start', message: { usage: { input_tokens: 9, output_tokens: 1 } } },
          { type: 'content_block_delta', delta: { text: 'a' } },
          { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 30 } },
          { type: 'message_stop' },
        ];
        for await (const _event of await client.open(streamOf(events)));
        expect(await scraped('tinyllm_tokens_input_total', labels)).to.equal(9);
        expect(await scraped('tinyllm_tokens_output_total', labels)).to.equal(30);
        expect(await finished('stop')).to.equal(1);
      });

      it('with a single chunk, without a time per token', async () => {
        const { client } = setUp();
        const perToken = async () =>
          (await scraped('tinyllm_time_per_output_token_seconds_count', { model: 'model' })) ?? 0;
        const before = await perToken();
        for await (const _chunk of client.stream([{ done: true, done_reason: 'stop', eval_count: 20 }]));
        expect(await perToken()).to.equal(before);
      });

      it('without chunks, and records no first token', async () => {
        const { client, labels, finished } = setUp();
        for await (const _chunk of client.stream([]));
        expect(await scraped('tinyllm_time_to_first_token_seconds_count', labels)).to.equal(undefined);
        expect(await finished('stop')).to.equal(1);
      });

      it('that its consumer stops reading as cancelled, unless a chunk contains the finish reason', async () => {
        const { client, finished } = setUp();
        for await (const _chunk of client.stream([{ done: false }, { done: true }])) break;
        for await (const _chunk of client.stream([{ done: true, done_reason: 'stop' }, {}])) break;
        expect([await finished('cancelled'), await finished('stop')]).to.deep.equal([1, 1]);
      });

      it('that fails, or is aborted', async () => {
        const { client, labels, finished } = setUp();
        const failing = async () => {
          for await (const _chunk of client.stream(failingStream()));
        };
        expect(await failing().catch((error: Error) => error.message)).to.equal('lost');
        const controller = new AbortController();
        await client.open(streamOf([1]), { signal: controller.signal });
        controller.abort();
        expect([await finished('error'), await finished('cancelled')]).to.deep.equal([1, 1]);
        expect(await scraped('tinyllm_active_requests', labels)).to.equal(0);
      });

      it('that fails or is aborted, with the tokens in its chunks so far', async () => {
        const { client, labels, finished } = setUp();
        const begin = { message: { usage: { input_tokens: 9, output_tokens: 1 } } };
        const failing = client.stream(failingStream(begin));
        expect(await failing.next()).to.deep.equal({ done: false, value: begin });
        expect(await failing.next().catch((error: Error) => error.message)).to.equal('lost');
        const controller = new AbortController();
        const aborted = (await client.open(streamOf([begin, {}]), { signal: controller.signal })) as AsyncGenerator;
        await aborted.next();
        controller.abort();
        await aborted.next();
        expect([await finished('error'), await finished('cancelled')]).to.deep.equal([1, 1]);
        expect(await scraped('tinyllm_tokens_input_total', labels)).to.equal(18);
        expect(await scraped('tinyllm_request_output_tokens_count', labels)).to.equal(2);
      });
    });
  });
}

describe('@TrackRequest without options', () => {
  it('tracks requests to an unknown model in the default graph with the type generate', async () => {
    const labels = { model: 'unknown', graph: 'default', request_type: 'generate' };
    const count = async () => (await scraped('tinyllm_requests_total', labels)) ?? 0;
    const method = () => 'answer';
    const decorated = TrackRequest()({}, 'ask', { value: method }) as { value: typeof method };
    const before = await count();
    decorated.value();
    expect((await count()) - before).to.equal(1);
    const holder = class {};
    Object.defineProperty(holder.prototype, 'ask', decorated);
    expect(getTrackedMethods(holder).map(({ kind }) => kind)).to.deep.equal(['request']);
  });
});

describe('bindRequests', () => {
  it('finds the series of requests without a decorated method', async () => {
    const target = new SharedRegistry();
    const find = bindRequests({ model: (self: string) => self, graph: 'g' }, new MetricsCollector(target));
    const series = find('m', []);
    expect(find('m', [])).to.equal(series);
    series.begin().ended(2);
    series.succeeded({ finishReason: 'length' });
    const text = await target.metrics();
    const [request, latency] = ['tinyllm_requests_total', 'tinyllm_request_latency_seconds_sum'];
    expect(sampleValue(text, request, { model: 'm', graph: 'g', request_type: 'generate' })).to.equal(1);
    expect(sampleValue(text, latency, { model: 'm', graph: 'g' })).to.equal(2);
  });
});

describe('the option usage of @TrackRequest', () => {
  it('counts as an instrumentation error if it returns no usage, but not if the usage is unknown', async () => {
    const errors = async (returned: unknown): Promise<number> => {
      const target = new SharedRegistry();
      const bind = bindRequests({ usage: (() => returned) as never }, new MetricsCollector(target));
      bind(undefined, []).begin().succeeded({ text: 'Four.' });
      return sampleValue(await target.metrics(), 'tinyllm_instrumentation_errors_total', { site: 'usage' }) ?? 0;
    };
    for (const wrong of [{ input: 1, output: 2 }, { input_tokens: 3 }, 5, 'x']) {
      expect(await errors(wrong), JSON.stringify(wrong)).to.equal(1);
    }
    for (const right of [{ inputTokens: 1 }, { outputTokens: undefined }, {}, null, undefined]) {
      expect(await errors(right), JSON.stringify(right)).to.equal(0);
    }
  });
});

describe('@TrackNode without options', () => {
  it('tracks executions in the default graph', async () => {
    const method = () => 'answer';
    const decorated = TrackNode()({}, 'run', { value: method }) as { value: typeof method };
    decorated.value.call({ id: 'alone' });
    expect(await scraped('tinyllm_node_executions_total', { node: 'alone', graph: 'default' })).to.equal(1);
  });
});

async function* streamOf(chunks: readonly unknown[]): AsyncGenerator<unknown> {
  yield* chunks;
}

async function* failingStream(chunk: unknown = {}): AsyncGenerator<unknown> {
  yield chunk;
  throw new Error('lost');
}
