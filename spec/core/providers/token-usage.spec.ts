import { expect } from 'chai';
import fc from 'fast-check';
import {
  addUsage,
  maxUsage,
  sumOf,
  type TokenUsage,
  tokenCounts,
  usageOf,
} from '../../../lib/core/providers/token-usage.js';

const count = fc.option(fc.nat(1_000), { nil: undefined });
const usages: fc.Arbitrary<TokenUsage> = fc.record(
  Object.fromEntries(tokenCounts.map((name) => [name, count])) as Record<keyof TokenUsage, typeof count>,
);

/** The counts as a list, in the order of `tokenCounts`. */
const listed = (usage: TokenUsage) => tokenCounts.map((name) => usage[name]);

describe('token usage', () => {
  it('usageOf accepts the counts in the order of tokenCounts', () => {
    expect(tokenCounts).to.deep.equal([
      ...['inputTokens', 'outputTokens', 'cachedInputTokens', 'cacheWriteTokens', 'reasoningTokens'],
    ]);
    expect(listed(usageOf(1, 2, 3, 4, 5) as TokenUsage)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('usageOf returns undefined only if neither input nor output is known', () => {
    expect(usageOf(undefined, undefined, 3, 4, 5)).to.equal(undefined);
    expect(usageOf(0, undefined)).to.deep.include({ inputTokens: 0, outputTokens: undefined });
    expect(usageOf(undefined, 0)).to.deep.include({ inputTokens: undefined, outputTokens: 0 });
  });

  it('sumOf adds the known numbers, and is unknown only if all are', () => {
    expect([sumOf(), sumOf(undefined, undefined)]).to.deep.equal([undefined, undefined]);
    expect([sumOf(1, undefined, 2), sumOf(0), sumOf(undefined, 0)]).to.deep.equal([3, 0, 0]);
  });

  it('addUsage adds each count, and keeps counts of which only one is known', () => {
    const before = { inputTokens: 1, outputTokens: 2, cachedInputTokens: 3 };
    const further = { inputTokens: 10, outputTokens: 20, cacheWriteTokens: 40, reasoningTokens: 50 };
    expect(listed(addUsage(before, further))).to.deep.equal([11, 22, 3, 40, 50]);
    expect(addUsage(undefined, further)).to.equal(further);
  });

  it('maxUsage keeps the larger of each count', () => {
    const before = { inputTokens: 5, outputTokens: 2, cachedInputTokens: 3, cacheWriteTokens: 9, reasoningTokens: 1 };
    const later = { inputTokens: 0, outputTokens: 7, cacheWriteTokens: 4, reasoningTokens: 6 };
    expect(listed(maxUsage(before, later))).to.deep.equal([5, 7, 3, 9, 6]);
    expect(maxUsage(undefined, later)).to.equal(later);
  });

  it('sums and running totals do not depend on the order', () => {
    for (const combine of [addUsage, maxUsage]) {
      fc.assert(
        fc.property(usages, usages, usages, (one, two, three) => {
          const forwards = combine(combine(one, two), three);
          const backwards = combine(combine(three, two), one);
          expect(listed(backwards)).to.deep.equal(listed(forwards));
        }),
      );
    }
  });

  it('a running total never decreases, and repeating it has no effect', () => {
    fc.assert(
      fc.property(usages, usages, (before, later) => {
        const total = maxUsage(before, later);
        for (const name of tokenCounts) {
          const known = [before[name], later[name]].filter((one) => one !== undefined);
          expect(total[name]).to.equal(known.length === 0 ? undefined : Math.max(...known));
        }
        expect(listed(maxUsage(total, later))).to.deep.equal(listed(total));
      }),
    );
  });
});
