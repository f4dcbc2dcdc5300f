import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/index.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import type { TrackRequestOptions } from '../../../lib/core/recording/call-options.js';
import { RequestSeries } from '../../../lib/core/recording/request-series.js';
import { parseText } from '../../support/parse-text.js';

const tokens = (inputTokens: number, outputTokens: number) => ({ usage: { inputTokens, outputTokens } });

describe('the recorder of a stream', () => {
  const setUp = (options: TrackRequestOptions = {}) => {
    const registry = new SharedRegistry();
    const series = new RequestSeries(['m', 'g', 'stream'], options, new MetricsCollector(registry));
    /** The sums and counts that are not zero, by a short name of their metric. */
    const recorded = async () => {
      const samples = parseText(await registry.metrics()).flatMap((family) => family.samples);
      return Object.fromEntries(
        samples.flatMap(({ name, labels, value }) => {
          const key =
            labels.finish_reason ?? labels.error_type ?? labels.site ?? name.match(/^tinyllm_(\w+)_sum$/)?.[1];
          return key === undefined || value === 0 ? [] : [[key, value]];
        }),
      );
    };
    return { recorder: series.recordStream(1_000), recorded };
  };
  const times = { time_to_first_token_seconds: 1, inter_token_latency_seconds: 2 };

  it('measures the gap before every chunk after the first output', async () => {
    const { recorder, recorded } = setUp();
    recorder.chunk('', 1_500);
    recorder.chunk('Four', 2_000);
    recorder.chunk('', 3_000);
    recorder.chunk('.', 4_000);
    recorder.finish(true);
    expect(await recorded()).to.deep.equal({ ...times, time_per_output_token_seconds: 1, stop: 1 });
  });

  it('knows which facts are missing', () => {
    const { recorder } = setUp();
    const known = () => [recorder.hasUsage, recorder.hasFinishReason];
    expect(known()).to.deep.equal([false, false]);
    recorder.chunk({ usage: { outputTokens: 2 } }, 2_000);
    expect(known()).to.deep.equal([false, false]);
    recorder.chunk(tokens(9, 2), 2_000);
    expect(known()).to.deep.equal([true, false]);
    recorder.returned({ finishReason: 'stop' });
    expect(known()).to.deep.equal([true, true]);
  });

  it('records output that has already been read', async () => {
    const { recorder, recorded } = setUp();
    recorder.output(2_000);
    recorder.output(4_000);
    recorder.finish(true, { finishReason: 'length' });
    expect(await recorded()).to.deep.equal({ ...times, time_per_output_token_seconds: 2, length: 1 });
  });

  it('records no time per token for a single chunk or a single token', async () => {
    const single = setUp();
    single.recorder.chunk('Four', 2_000);
    single.recorder.finish(true);
    expect(await single.recorded()).to.deep.equal({ time_to_first_token_seconds: 1, stop: 1 });
    const token = setUp();
    token.recorder.chunk('Four', 2_000);
    token.recorder.chunk('', 4_000);
    token.recorder.returned(tokens(4, 1));
    token.recorder.finish(true);
    expect(await token.recorded()).to.deep.equal({
      ...times,
      request_input_tokens: 4,
      request_output_tokens: 1,
      stop: 1,
    });
  });

  it('records only the end of a stream without chunks', async () => {
    const { recorder, recorded } = setUp();
    recorder.finish(true);
    expect(await recorded()).to.deep.equal({ stop: 1 });
  });

  it('prefers the finish reason in the chunks to the one that is passed to `finish`', async () => {
    const { recorder, recorded } = setUp();
    recorder.chunk({ text: '', finishReason: 'length' }, 2_000);
    recorder.finish(true, { finishReason: 'stop' });
    expect(await recorded()).to.deep.equal({ length: 1 });
  });

  it('counts an unreadable response, unless the caller of `finish` has read it', async () => {
    for (const known of [undefined, {}, { isUnread: true }]) {
      const { recorder, recorded } = setUp();
      recorder.chunk({ piece: 'Four' }, 2_000);
      recorder.finish(true, known);
      expect(await recorded()).to.deep.equal({ time_to_first_token_seconds: 1, stop: 1, usage: 1 });
    }
    const { recorder, recorded } = setUp();
    recorder.chunk({ piece: 'Four' }, 2_000);
    recorder.finish(true, { isUnread: false });
    expect(await recorded()).to.deep.equal({ time_to_first_token_seconds: 1, stop: 1 });
  });

  describe('whose consumer leaves', () => {
    it('is cancelled, with its tokens, load time and time per token so far', async () => {
      const { recorder, recorded } = setUp();
      recorder.chunk('Four', 2_000);
      recorder.chunk({ text: '.', timings: { loadSeconds: 3 }, ...tokens(4, 3) }, 4_000);
      recorder.finish(false);
      expect(await recorded()).to.deep.equal({
        ...{ ...times, time_per_output_token_seconds: 1, model_load_duration_seconds: 3 },
        ...{ request_input_tokens: 4, request_output_tokens: 3, cancelled: 1 },
      });
    });

    it('is complete if its chunks say so', async () => {
      const { recorder, recorded } = setUp();
      recorder.chunk({ text: 'Four', finishReason: 'stop' }, 2_000);
      recorder.finish(false);
      expect(await recorded()).to.deep.equal({ time_to_first_token_seconds: 1, stop: 1 });
    });
  });

  describe('that states an error', () => {
    it('fails with its type, even if it is read to its end', async () => {
      const { recorder, recorded } = setUp();
      recorder.chunk({ done: false, error: 'no', prompt_eval_count: 4, load_duration: 3e9 }, 2_000);
      recorder.finish(true);
      expect(await recorded()).to.deep.equal({
        ...{ error: 1, ModelProtocolError: 1, request_input_tokens: 4, model_load_duration_seconds: 3 },
      });
    });

    it('fails with the error object in a chunk', async () => {
      const { recorder, recorded } = setUp();
      recorder.chunk({ text: '', timings: { loadSeconds: 3 } }, 2_000);
      recorder.chunk({ type: 'finish-step', ...tokens(4, 3) }, 2_000);
      recorder.chunk({ type: 'error', error: new RangeError('no') }, 3_000);
      recorder.finish(true);
      expect(await recorded()).to.deep.equal({
        ...{ error: 1, RangeError: 1, request_input_tokens: 4, request_output_tokens: 3 },
        model_load_duration_seconds: 3,
      });
      const late = setUp();
      late.recorder.chunk({ type: 'error', error: new DOMException('late', 'TimeoutError') }, 2_000);
      late.recorder.finish(true);
      expect(await late.recorded()).to.deep.equal({ timeout: 1 });
    });
  });

  it('records the tokens of a stream that failed', async () => {
    const { recorder, recorded } = setUp();
    recorder.chunk({ text: '', timings: { loadSeconds: 3 }, ...tokens(4, 3) }, 2_000);
    recorder.fail();
    expect(await recorded()).to.deep.equal({
      ...{ request_input_tokens: 4, request_output_tokens: 3, model_load_duration_seconds: 3 },
    });
  });

  describe("with the application's function for usage", () => {
    const usage = (value: { own?: object }) => value.own as never;

    it('keeps the latest of each count, and ignores the counts in the chunks', async () => {
      const { recorder, recorded } = setUp({ usage });
      recorder.chunk({ text: '', own: { inputTokens: 9, outputTokens: 2 }, ...tokens(100, 100) }, 2_000);
      recorder.chunk({ text: '', own: { inputTokens: 4, outputTokens: undefined } }, 3_000);
      recorder.chunk({ text: '', own: { inputTokens: null, outputTokens: 3 } }, 3_000);
      recorder.chunk({ text: '', own: { inputTokens: undefined } }, 3_000);
      recorder.chunk({ text: '', own: null }, 3_000);
      recorder.chunk({ text: '' }, 3_000);
      recorder.finish(true);
      expect(await recorded()).to.deep.equal({ request_input_tokens: 4, request_output_tokens: 3, stop: 1 });
    });

    it('also reads the returned value, and counts a function that throws', async () => {
      const { recorder, recorded } = setUp({ usage });
      recorder.returned({ own: { inputTokens: 4 } });
      recorder.chunk(null, 2_000);
      recorder.finish(true);
      expect(await recorded()).to.deep.equal({
        ...{ request_input_tokens: 4, time_to_first_token_seconds: 1, usage: 1, stop: 1 },
      });
    });

    it('counts nothing as unread', async () => {
      const { recorder, recorded } = setUp({ usage });
      recorder.chunk({ piece: 'Four' }, 2_000);
      recorder.finish(true);
      expect(await recorded()).to.deep.equal({ time_to_first_token_seconds: 1, stop: 1 });
    });
  });
});
