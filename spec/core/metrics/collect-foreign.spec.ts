import { expect } from 'chai';
import { collectForeign } from '../../../lib/core/metrics/collect-foreign.js';

describe('collectForeign', () => {
  const use = <Data>(data: Data): Data => data;
  const hung = () => new Promise<never>(() => {});

  it('returns what each reader returns, and undefined for those that fail', async () => {
    const fails = () => {
      throw new Error('no');
    };
    const rejects = () => Promise.reject(new Error('no'));
    expect(await collectForeign([async () => 1, fails, rejects, async () => 2], { use })).to.deep.equal([
      ...[1, undefined, undefined, 2],
    ]);
  });

  for (const milliseconds of [1, 0, -5, Number.NaN]) {
    it(`returns undefined for a reader that never settles, with ${milliseconds} ms left`, async () => {
      expect(await collectForeign([hung, async () => 1, hung], { milliseconds, use })).to.deep.equal([
        undefined,
        1,
        undefined,
      ]);
    });
  }

  it('handles a rejection after the deadline', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): void => {
      unhandled.push(reason);
    };
    process.on('unhandledRejection', onUnhandled);
    const late = withResolvers();
    await collectForeign([() => late.promise], { milliseconds: 0, use });
    late.reject(new Error('late'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', onUnhandled);
    expect(unhandled).to.deep.equal([]);
  });
});

function withResolvers(): { readonly promise: Promise<unknown>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise((_, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
