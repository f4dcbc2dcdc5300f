import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/index.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { RequestSeries } from '../../../lib/core/recording/request-series.js';
import { StreamCall, StreamCalls } from '../../../lib/core/recording/stream-call.js';
import { sampleValue } from '../../support/parse-text.js';

describe('StreamCall', () => {
  const setUp = () => {
    const registry = new SharedRegistry();
    const series = new RequestSeries(['m', 'g', 'stream'], {}, new MetricsCollector(registry));
    const call = (...signals: AbortSignal[]) => {
      series.begin();
      return new StreamCall(series, performance.now(), signals);
    };
    const count = async (name: string, labels: Record<string, string>) =>
      sampleValue(await registry.metrics(), name, labels);
    const finished = (reason: string) =>
      count('tinyllm_requests_finished_total', { model: 'm', graph: 'g', finish_reason: reason });
    const errors = (type: string) => count('tinyllm_errors_total', { error_type: type, model: 'm', graph: 'g' });
    return { series, call, count, finished, errors };
  };

  it('settles once, with the first event that ends it', async () => {
    const { call, count, finished } = setUp();
    const stream = call();
    expect(stream.settled).to.equal(false);
    stream.leave();
    expect(stream.settled).to.equal(true);
    stream.chunk('Four');
    stream.end({ usage: { inputTokens: 12 } });
    stream.fail(new Error('no'));
    expect(await finished('cancelled')).to.equal(1);
    expect([await finished('stop'), await finished('error')]).to.deep.equal([undefined, undefined]);
    expect(await count('tinyllm_tokens_input_total', { model: 'm', graph: 'g' })).to.equal(0);
    expect(await count('tinyllm_time_to_first_token_seconds_count', { model: 'm', graph: 'g' })).to.equal(undefined);
  });

  it('knows a fact if all calls of the stream know it or have ended', () => {
    const { call } = setUp();
    const calls = new StreamCalls({});
    const [first, second] = [call(), call()];
    calls.add(first);
    calls.add(second);
    first.returned({ usage: { inputTokens: 12, outputTokens: 2 } });
    expect([first.hasUsage, calls.hasUsage, calls.hasFinishReason]).to.deep.equal([true, false, false]);
    calls.returned({ usage: { inputTokens: 12, outputTokens: 2 } });
    expect([calls.hasUsage, calls.hasFinishReason]).to.deep.equal([true, false]);
    calls.leave();
    expect([calls.hasUsage, calls.hasFinishReason]).to.deep.equal([true, true]);
  });

  it('records the tokens of a stream that failed', async () => {
    const { call, count, finished } = setUp();
    const stream = call();
    stream.chunk({ done: false, prompt_eval_count: 12 });
    stream.fail(new RangeError('no'));
    expect(await finished('error')).to.equal(1);
    expect(await count('tinyllm_tokens_input_total', { model: 'm', graph: 'g' })).to.equal(12);
  });

  it('has one listener on a signal, however many calls follow it, and none after they settled', async () => {
    const { call, finished } = setUp();
    const { signal } = new AbortController();
    const streams = [call(signal), call(signal)];
    expect(getEventListeners(signal, 'abort')).to.have.length(1);
    streams[0]?.end();
    expect(getEventListeners(signal, 'abort')).to.have.length(1);
    streams[1]?.end();
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
    expect(await finished('stop')).to.equal(2);
  });

  it('is cancelled by an abort of its own signal, unless it fails at once for another reason', async () => {
    const { series, finished, errors } = setUp();
    const abortAll = async (fail: (call: StreamCall) => void, reason?: unknown) => {
      const own = new AbortController();
      series.begin();
      const stream = new StreamCall(series, performance.now(), [], [own.signal]);
      own.abort(reason);
      expect(stream.settled).to.equal(false);
      fail(stream);
      await new Promise((resolve) => setImmediate(resolve));
      expect([stream.settled, getEventListeners(own.signal, 'abort').length]).to.deep.equal([true, 0]);
    };
    await abortAll(() => {});
    await abortAll(() => {}, 'left');
    expect([await finished('cancelled'), await finished('error')]).to.deep.equal([2, undefined]);
    await abortAll((call) => call.fail(new RangeError('no')));
    expect([await finished('cancelled'), await errors('RangeError')]).to.deep.equal([2, 1]);
  });

  it('is cancelled by an abort of a signal of its caller, at once', async () => {
    const { call, finished } = setUp();
    const controller = new AbortController();
    const stream = call(controller.signal);
    controller.abort('left');
    expect(stream.settled).to.equal(true);
    expect(await finished('cancelled')).to.equal(1);
  });

  it('records nothing after it was withdrawn, and has no listener on the signal', async () => {
    const { call, count, finished } = setUp();
    const { signal } = new AbortController();
    const stream = call(signal);
    expect(stream.withdraw()).to.equal(true);
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
    stream.end();
    expect(stream.withdraw()).to.equal(false);
    expect(await finished('stop')).to.equal(undefined);
    expect(await count('tinyllm_active_requests', { model: 'm', graph: 'g' })).to.equal(1);
  });

  it('forgets calls of a shared stream that have settled, when another call is added', () => {
    const { call } = setUp();
    const stream = {};
    const calls = new StreamCalls(stream);
    const [first, second] = [call(), call()];
    calls.add(first);
    calls.add(second);
    expect(calls.stream).to.equal(stream);
    calls.end();
    expect([first.settled, second.settled]).to.deep.equal([true, true]);
    const third = call();
    calls.add(third);
    calls.leave();
    expect(third.settled).to.equal(true);
  });
});
