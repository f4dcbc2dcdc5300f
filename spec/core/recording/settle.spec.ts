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

/** An object of which nothing can be read. */
const unreadable: object = new Proxy({}, { get: handsOff, getPrototypeOf: handsOff });

describe('how a call settles', () => {
  const setUp = (options: TrackRequestOptions = {}) => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    const series = new RequestSeries(['m', 'g', 'generate'], options, collector);
    series.begin();
    /** Every sample of a request's end, and of what went wrong in watching it, that is not zero. */
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

  describe('in time', () => {
    it('is the seconds since it started', async () => {
      const { series, seconds } = setUp();
      settleResult(series, performance.now() - 90_000, 'answer');
      expect(await seconds()).to.be.within(90, 150);
    });

    it('is never below zero, nor unknown, whatever the clock says', async () => {
      const { series, seconds } = setUp();
      settleResult(series, performance.now() + 90_000, 'answer');
      settleResult(series, Number.NaN, 'answer');
      expect(await seconds()).to.equal(0);
    });
  });

  describe('with a result that may count as an error', () => {
    it('is an error where the judge says true, and no other', async () => {
      const judged = setUp({ isError: (result) => result });
      for (const result of [true, false, 1, 'yes', undefined]) judged.settle(result);
      expect(await judged.counted()).to.deep.equal({
        ...{ 'requests error': 1, 'requests stop': 4, 'errors boolean': 1 },
      });
    });

    it('is of the type of the error the result carries, else of the result itself', async () => {
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

    it('is none where the judge throws or only promises an answer, which is counted', async () => {
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

    it('asks no judge where there is none', async () => {
      const { counted, settle } = setUp();
      settle({ error: new Error('no'), finishReason: 'stop' });
      expect(await counted()).to.deep.equal({ 'requests stop': 1 });
    });
  });

  it('counts what watching a result meets, and ends all the same', async () => {
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

    it('tells errors, timeouts and cancellations apart', async () => {
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

    it('takes the type its classifier gives, of timeouts too', async () => {
      const { counted, series } = setUp({ classifyError: (error) => `my ${(error as Error).message}` });
      fail(series, new Error('own'));
      fail(series, new DOMException('late', 'TimeoutError'));
      expect(await counted()).to.deep.equal({
        ...{ 'requests error': 1, 'requests timeout': 1, 'errors my own': 1, 'errors my late': 1 },
      });
    });

    it('has its own type where a classifier throws or gives no text, which is counted', async () => {
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

    it('is an error of a type unknown where nothing can be read of it', async () => {
      const { counted, series } = setUp();
      fail(series, unreadable);
      expect(await counted()).to.deep.equal({
        ...{ 'requests error': 1, 'errors unknown': 1, 'instrumentation result': 2 },
      });
    });
  });

  it('counts what nobody asked for as cancelled', async () => {
    const { counted, series } = setUp();
    settleAbandoned(series, 0);
    expect(await counted()).to.deep.equal({ 'requests cancelled': 1 });
  });

  it('ends a stream, and counts what that meets', async () => {
    const { counted, series } = setUp();
    const ends: string[] = [];
    settleStream(series, 0, () => ends.push('end'));
    settleStream(series, 0, () => {
      throw new Error('no');
    });
    expect(ends).to.deep.equal(['end']);
    expect(await counted()).to.deep.equal({ 'instrumentation result': 1 });
  });

  it('keeps what instrumentation throws from whoever is measured', async () => {
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
