import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/index.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import type { TrackRequestOptions } from '../../../lib/core/recording/call-options.js';
import { RequestSeries } from '../../../lib/core/recording/request-series.js';
import { parseText } from '../../support/parse-text.js';

describe('RequestSeries', () => {
  const setUp = (options: TrackRequestOptions = {}, exclude: readonly string[] = []) => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    collector.meter.configure({ maxSeriesPerMetric: 1, exclude });
    const of = (model: string) => new RequestSeries([model, 'g', 'generate'], options, collector);
    /** The sums that a request records, by metric name. */
    const sums = async () => {
      const samples = parseText(await registry.metrics()).flatMap((family) => family.samples);
      return Object.fromEntries(
        samples.flatMap(({ name, value }) => {
          const short = name.match(/^tinyllm_(\w+)_sum$/)?.[1] ?? name.match(/^tinyllm_(instrumentation_errors)_/)?.[1];
          return short === undefined || value === 0 ? [] : [[short, value]];
        }),
      );
    };
    return { of, series: of('m'), sums };
  };

  it('records the timings that a provider measured for a whole response', async () => {
    const { series, sums } = setUp();
    const timings = { loadSeconds: 3, outputSeconds: 5, firstTokenSeconds: 0.5 };
    series.succeeded({ timings, usage: { inputTokens: 4, outputTokens: 10 } });
    expect(await sums()).to.deep.equal({
      ...{ model_load_duration_seconds: 3, time_per_output_token_seconds: 0.5, time_to_first_token_seconds: 0.5 },
      ...{ request_input_tokens: 4, request_output_tokens: 10 },
    });
  });

  it('records no time per token without a positive token count', async () => {
    const { series, sums } = setUp();
    series.succeeded({ timings: { outputSeconds: 5 } });
    series.succeeded({ timings: { outputSeconds: 5 }, usage: { inputTokens: 4 } });
    series.succeeded({ timings: { outputSeconds: 5 }, usage: { outputTokens: 0 } });
    expect(await sums()).to.deep.equal({ request_input_tokens: 4 });
  });

  it('ignores counts that the option `usage` does not return, and counts invalid ones as instrumentation errors', async () => {
    let usage: unknown = { inputTokens: null, outputTokens: 3 };
    const { series, sums } = setUp({ usage: () => usage as never });
    series.succeeded('answer');
    expect(await sums()).to.deep.equal({ request_output_tokens: 3 });
    const wrong = [{ inputTokens: -1 }, { outputTokens: Number.NaN }, { inputTokens: 5, outputTokens: '3' }];
    for (usage of [...wrong, Promise.reject(new Error('late'))]) series.succeeded('answer');
    expect(await sums()).to.deep.equal({ request_output_tokens: 3, instrumentation_errors: 4 });
  });

  it('counts more than 2^53 - 1 tokens as an instrumentation error, and records nothing', async () => {
    let outputTokens = 0;
    const { series, sums } = setUp({ usage: () => ({ inputTokens: 4, outputTokens }) });
    for (outputTokens of [1.7e308, 1.7e308, 2 ** 53]) series.succeeded('answer');
    expect(await sums()).to.deep.equal({ instrumentation_errors: 3 });
    outputTokens = Number.MAX_SAFE_INTEGER;
    series.succeeded('answer');
    expect(await sums()).to.include({ request_output_tokens: Number.MAX_SAFE_INTEGER });
  });

  it('treats null as an unknown usage', async () => {
    const { series, sums } = setUp({ usage: () => null as never });
    series.succeeded('answer');
    expect(await sums()).to.deep.equal({});
  });

  it('records a reported load duration only if the response contains one', async () => {
    const { series, sums } = setUp();
    series.collector.updateModelResidency({ model: 'm', loaded: false });
    series.succeeded({ done: true, eval_duration: 1e9, eval_count: 2 });
    series.succeeded({ done: true, load_duration: 5e7 });
    series.succeeded({ done: true, load_duration: 5e7 });
    const { model_load_duration_seconds: load } = await sums();
    expect(load).to.equal(0.05);
  });

  it("records the times of a stream's chunks from the first output", async () => {
    const { series, sums } = setUp();
    const recorder = series.recordStream(1_000);
    recorder.chunk({ type: 'response.created' }, 2_000);
    for (const now of [3_500, 4_000, 5_500]) recorder.chunk('text', now);
    recorder.finish(true);
    expect(await sums()).to.deep.equal({
      ...{ time_to_first_token_seconds: 2.5, inter_token_latency_seconds: 2, time_per_output_token_seconds: 1 },
    });
  });

  it("uses the provider's time and count for a stream, or its chunks if there is no count", async () => {
    const measured = setUp();
    const recorder = measured.series.recordStream(1_000);
    for (const now of [2_000, 3_000]) recorder.chunk('text', now);
    recorder.returned({ timings: { outputSeconds: 6 }, usage: { outputTokens: 4 } });
    recorder.finish(true);
    expect(await measured.sums()).to.deep.include({ time_per_output_token_seconds: 1.5, request_output_tokens: 4 });
    const counted = setUp();
    const chunks = counted.series.recordStream(1_000);
    for (const now of [2_000, 3_000]) chunks.chunk('text', now);
    chunks.returned({ timings: { outputSeconds: 6 } });
    chunks.finish(true);
    expect(await counted.sums()).to.deep.include({ time_per_output_token_seconds: 3 });
    const tokens = setUp();
    const few = tokens.series.recordStream(1_000);
    for (const now of [2_000, 3_000]) few.chunk('text', now);
    few.returned({ usage: { outputTokens: 5 } });
    few.finish(true);
    expect(await tokens.sums()).to.deep.include({ time_per_output_token_seconds: 0.25 });
  });

  it('is folded into the series `other` if any of its metrics has exceeded its limit', () => {
    const names = ['tinyllm_requests_total', 'tinyllm_active_requests', 'tinyllm_request_latency_seconds'];
    for (const kept of names) {
      const { of, series } = setUp(
        {},
        names.filter((name) => name !== kept),
      );
      expect([series.folded, of('past').folded], kept).to.deep.equal([false, true]);
    }
  });
});
