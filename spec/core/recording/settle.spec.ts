import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/index.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import type { TrackRequestOptions } from '../../../lib/core/recording/call-options.js';
import { RequestSeries } from '../../../lib/core/recording/request-series.js';
import {
  guarded,
  settleAbandoned,
  settleFailure,
  settleResult,
  settleStream,
} from '../../../lib/core/recording/settle.js';
import { parseText } from '../../support/parse-text.js';

const handsOff = (): never => {
  throw new Error('hands off');
};

/** An object whose properties all throw. */
const unreadable: object = new Proxy({}, { get: handsOff, getPrototypeOf: handsOff });

describe('how a call settles', () => {
  const setUp = (options: TrackRequestOptions = {}) => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    const series = new RequestSeries(['m', 'g', 'generate'], options, collector);
    series.begin();
    /** Every non-zero sample about the end of a request and about instrumentation errors. */
    const counted = async () => {
      const samples = parseText(await registry.metrics()).flatMap((family) => family.samples);
      return Object.fromEntries(
        samples.flatMap(({ name, labels, value }) => {
          const key = labels.finish_reason ?? labels.error_type ?? labels.site;
          return key === undefined || value === 0 ? [] : [[`${name.split('_')[1]} ${key}`, value]];
        }),
      );
    };
    const seconds = async () => {
      const samples = parseText(await registry.metrics()).flatMap((family) => family.samples);
      return samples.find(({ name }) => name === 'tinyllm_request_latency_seconds_sum')?.value;
    };
    return { series, counted, seconds, settle: (result: unknown) => settleResult(series, 0, result) };
  };

  describe('with a duration', () => {
    it('measures the time since the start, in seconds', async () => {
      const { series, seconds } = setUp();
      settleResult(series, performance.now() - 90_000, 'answer');
      expect(await seconds()).to.be.within(90, 150);
    });

    it('is never negative or NaN, whatever the clock returns', async () => {
      const { series, seconds } = setUp();
      settleResult(series, performance.now() + 90_000, 'answer');
      settleResult(series, Number.NaN, 'answer');
      expect(await seconds()).to.equal(0);
    });
  });

  describe('with a result that may count as an error', () => {
    it('is an error only if isError returns true', async () => {
      const judged = setUp({ isError: (result) => result });
      for (const result of [true, false, 1, 'yes', undefined]) judged.settle(result);
      expect(await judged.counted()).to.deep.equal({
        ...{ 'requests error': 1, 'requests stop': 4, 'errors boolean': 1 },
      });
    });

    it('has the type of the error in the result, or of the result itself', async () => {
      const { counted, settle } = setUp({ isError: () => true });
      settle({ error: new RangeError('no') });
      settle({ error: 'no' });
      settle(null);
      settle(unreadable);
      expect(await counted()).to.deep.equal({
        ...{ 'requests error': 4, 'errors RangeError': 1, 'errors object': 1, 'errors null': 1 },
        ...{ 'errors undefined': 1, 'instrumentation result': 1 },
      });
    });

    it('is not an error if isError throws or returns a promise; both count as instrumentation errors', async () => {
      const throwing = setUp({
        isError: () => {
          throw new Error('no verdict');
        },
      });
      throwing.settle('answer');
      expect(await throwing.counted()).to.deep.equal({ 'requests stop': 1, 'instrumentation is_error': 1 });
      const late = setUp({ isError: (async () => Promise.reject(new Error('late'))) as never });
      late.settle('answer');
      expect(await late.counted()).to.deep.equal({ 'requests stop': 1, 'instrumentation is_error': 1 });
    });

    it('does not require isError', async () => {
      const { counted, settle } = setUp();
      settle({ error: new Error('no'), finishReason: 'stop' });
      expect(await counted()).to.deep.equal({ 'requests stop': 1 });
    });
  });

  it('counts errors while reading a result, and still ends the call', async () => {
    const { counted, settle } = setUp();
    settle(unreadable);
    expect(await counted()).to.deep.equal({
      ...{ 'requests stop': 1, 'instrumentation result': 1 },
    });
    class Broken extends RequestSeries {
      override succeeded(): void {
        throw new Error('no');
      }
    }
    const registry = new SharedRegistry();
    settleResult(new Broken(['m', 'g', 'generate'], {}, new MetricsCollector(registry)), 0, 'answer');
    expect(await registry.metrics()).to.contain('tinyllm_instrumentation_errors_total{site="result"} 1\n');
  });

  describe('with a failure', () => {
    const fail = (series: RequestSeries, error: unknown, args: readonly unknown[] = []) =>
      settleFailure(series, 0, error, args);

    it('distinguishes errors, timeouts and cancellations', async () => {
      const { counted, series } = setUp();
      fail(series, new RangeError('no'));
      fail(series, new DOMException('late', 'TimeoutError'));
      fail(series, new DOMException('gone', 'AbortError'));
      fail(series, 'left', [{ signal: AbortSignal.abort('left') }]);
      expect(await counted()).to.deep.equal({
        ...{ 'requests error': 1, 'requests timeout': 1, 'requests cancelled': 2 },
        ...{ 'errors RangeError': 1, 'errors timeout': 1 },
      });
    });

    it('uses the type from the classifier, also for timeouts', async () => {
      const { counted, series } = setUp({ classifyError: (error) => `my ${(error as Error).message}` });
      fail(series, new Error('own'));
      fail(series, new DOMException('late', 'TimeoutError'));
      expect(await counted()).to.deep.equal({
        ...{ 'requests error': 1, 'requests timeout': 1, 'errors my own': 1, 'errors my late': 1 },
      });
    });

    it('uses its own type if the classifier throws or returns no text; both count as instrumentation errors', async () => {
      for (const classify of [
        () => {
          throw new Error('no type');
        },
        () => 7,
        async () => Promise.reject(new Error('late')),
      ]) {
        const { counted, series } = setUp({ classifyError: classify as never });
        fail(series, new RangeError('no'));
        fail(series, new DOMException('late', 'TimeoutError'));
        expect(await counted()).to.deep.equal({
          ...{ 'requests error': 1, 'requests timeout': 1, 'errors RangeError': 1, 'errors timeout': 1 },
          'instrumentation classify_error': 2,
        });
      }
    });

    it('has the error type unknown if the error cannot be read', async () => {
      const { counted, series } = setUp();
      fail(series, unreadable);
      expect(await counted()).to.deep.equal({
        ...{ 'requests error': 1, 'errors unknown': 1, 'instrumentation result': 2 },
      });
    });
  });

  it('counts an abandoned call as cancelled', async () => {
    const { counted, series } = setUp();
    settleAbandoned(series, 0);
    expect(await counted()).to.deep.equal({ 'requests cancelled': 1 });
  });

  it('ends a stream, and counts errors while doing so', async () => {
    const { counted, series } = setUp();
    const ends: string[] = [];
    settleStream(series, 0, () => ends.push('end'));
    settleStream(series, 0, () => {
      throw new Error('no');
    });
    expect(ends).to.deep.equal(['end']);
    expect(await counted()).to.deep.equal({ 'instrumentation result': 1 });
  });

  it('does not pass errors of instrumentation on to the measured code', async () => {
    const { counted, series } = setUp();
    expect(guarded(series, () => 7)).to.equal(7);
    expect(
      guarded(series, () => {
        throw new Error('no');
      }),
    ).to.equal(undefined);
    expect(await counted()).to.deep.equal({ 'instrumentation result': 1 });
  });
});
