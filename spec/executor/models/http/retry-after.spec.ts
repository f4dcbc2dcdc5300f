import { expect } from 'chai';
import fc from 'fast-check';
import { retryAfterSeconds } from '../../../../lib/executor/models/http/retry-after.js';

const secondsIn = (headers: Record<string, string>): number | undefined =>
  retryAfterSeconds(new Headers(headers), Date.parse('2026-01-01T00:00:00Z'));

describe('retryAfterSeconds', () => {
  const stated: readonly (readonly [headers: Record<string, string>, seconds: number | undefined])[] = [
    [{}, undefined],
    [{ 'Retry-After': '7' }, 7],
    [{ 'Retry-After': ' 0 ' }, 0],
    [{ 'Retry-After': '1.5' }, 1.5],
    [{ 'Retry-After': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30],
    [{ 'Retry-After': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'Retry-After': '9', 'Retry-After-Ms': '250' }, 0.25],
    [{ 'Retry-After': '-1' }, undefined],
    [{ 'Retry-After': '2026' }, 2026],
    [{ 'Retry-After': 'soon' }, undefined],
    [{ 'Retry-After': '' }, undefined],
    [{ 'Retry-After-Ms': 'soon' }, undefined],
  ];
  for (const [headers, seconds] of stated) {
    it(`reads ${JSON.stringify(headers)}`, () => {
      expect(secondsIn(headers)).to.equal(seconds);
    });
  }

  it('gives a finite number that is not negative, or nothing, for any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]*$/), (text) => {
        const seconds = secondsIn({ 'Retry-After': text }) ?? 0;
        expect(Number.isFinite(seconds) && seconds >= 0).to.equal(true);
      }),
    );
  });
});
