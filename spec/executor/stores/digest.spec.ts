import { expect } from 'chai';
import fc from 'fast-check';
import { digestOf } from '../../../lib/executor/stores/digest.js';

describe('digestOf', () => {
  it('is the same for equal values, in whatever order their keys are', () => {
    expect(digestOf({ a: 1, b: [{ c: 2, d: 3 }], e: undefined })).to.equal(digestOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  });

  it('differs where values differ, and shows nothing of them', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const digest = digestOf(one);
        expect(digest).to.match(/^[0-9a-f]{64}$/);
        const same = sorted(one) === sorted(other);
        expect(digest === digestOf(other)).to.equal(same);
      }),
    );
    expect(digestOf({ a: 1 })).not.to.equal(digestOf([['a', 1]]));
  });
});

/** Another way to the same question: every path to a leaf, sorted. */
function sorted(value: unknown): string {
  const leaves: string[] = [];
  const walk = (part: unknown, path: readonly string[]): void => {
    const inner = typeof part === 'object' && part !== null ? Object.entries(part) : [];
    if (typeof part === 'object' && part !== null)
      leaves.push(JSON.stringify([path, Array.isArray(part) ? '[]' : '{}']));
    else leaves.push(JSON.stringify([path, part]));
    for (const [key, one] of inner) walk(one, [...path, key]);
  };
  walk(value, []);
  return leaves.sort().join('\n');
}
