import { expect } from 'chai';
import fc from 'fast-check';
import { type RetryOptions, retry } from '../../../lib/resilience/policies/retry.js';

interface RetryOutcome {
  readonly result: string;
  readonly tries: number;
  readonly waits: readonly number[];
  readonly reasons: readonly string[];
}

/** Retries work that throws these errors in order and then succeeds. An error without a message is not retried. */
async function outcomeOf(failures: readonly Error[], options: Partial<RetryOptions> = {}): Promise<RetryOutcome> {
  let tries = 0;
  const waits: number[] = [];
  const reasons: string[] = [];
  const result = await retry(
    async () => {
      const failure = failures[tries];
      tries += 1;
      if (failure !== undefined) throw failure;
      return 'done';
    },
    {
      reasonOf: (error) => (error as Error).message || undefined,
      onRetry: (reason) => reasons.push(reason),
      wait: async (seconds) => {
        waits.push(seconds);
      },
      ...options,
    },
  ).catch((error: Error) => `threw ${error.message}`);
  return { result, tries, waits, reasons };
}

const failed = (count: number): Error[] => Array.from({ length: count }, (_, index) => new Error(`f${index + 1}`));

describe('retry', () => {
  it('retries until the work succeeds, and reports the reasons', async () => {
    expect(await outcomeOf([])).to.deep.equal({ result: 'done', tries: 1, waits: [], reasons: [] });
    const { waits, ...rest } = await outcomeOf(failed(2));
    expect(rest).to.deep.equal({ result: 'done', tries: 3, reasons: ['f1', 'f2'] });
    expect(waits[0]).to.be.within(0.25, 0.5);
    expect(waits[1]).to.be.within(0.5, 1);
  });

  it('throws the last error when the attempts are used up or the error cannot be retried', async () => {
    expect(await outcomeOf(failed(9))).to.include({ result: 'threw f3', tries: 3 });
    expect(await outcomeOf([new Error('f1'), new Error('')])).to.include({ result: 'threw ', tries: 2 });
    expect(await outcomeOf(failed(1), { attempts: 1 })).to.include({ result: 'threw f1', tries: 1 });
  });

  it('never exceeds the limits of attempts and delays', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.nat({ max: 20 }),
        fc.double({ min: 0.001, max: 20, noNaN: true }),
        fc.double({ min: 0.001, max: 20, noNaN: true }),
        async (attempts, failures, initialDelaySeconds, maxDelaySeconds) => {
          const { tries, waits, reasons } = await outcomeOf(failed(failures), {
            attempts,
            initialDelaySeconds,
            maxDelaySeconds,
          });
          expect(tries).to.equal(Math.min(attempts, failures + 1));
          expect(reasons).to.have.length(tries - 1);
          for (const [index, seconds] of waits.entries()) {
            expect(seconds).to.be.within(0, Math.min(maxDelaySeconds, initialDelaySeconds * 2 ** index));
          }
        },
      ),
    );
  });

  it('waits as long as the server requests, unless that is too long', async () => {
    const requested = (seconds: number) => outcomeOf(failed(1), { retryAfterSeconds: () => seconds });
    expect((await requested(7)).waits).to.deep.equal([7]);
    expect((await requested(60)).result).to.equal('done');
    expect(await requested(61)).to.include({ result: 'threw f1', tries: 1 });
    expect((await requested(0)).waits[0]).to.be.above(0);
    expect((await outcomeOf(failed(1), { retryAfterSeconds: () => 90, maxDelaySeconds: 100 })).waits).to.deep.equal([
      90,
    ]);
  });

  it('ends a delay immediately on abort, and does not report another attempt', async () => {
    const controller = new AbortController();
    const reasons: string[] = [];
    const work = retry(() => Promise.reject(new Error('f1')), {
      reasonOf: () => 'failed',
      onRetry: (reason) => reasons.push(reason),
      initialDelaySeconds: 600,
      maxDelaySeconds: 600,
      signal: controller.signal,
    });
    const reason = new Error('left');
    setImmediate(() => controller.abort(reason));
    expect(await work.catch((error: unknown) => error)).to.equal(reason);
    expect(reasons).to.deep.equal([]);
  });

  it('does not retry after an abort', async () => {
    const signal = AbortSignal.abort();
    expect(await outcomeOf(failed(1), { signal })).to.include({ result: 'threw f1', tries: 1 });
  });
});
