import { expect } from 'chai';
import fc from 'fast-check';
import { LineSplitter } from '../../../lib/core/framing/line-splitter.js';
import { cut } from '../../proxy/observation/corpus/replay.js';

interface SplitOptions {
  readonly offsets?: readonly number[];
  readonly longestLine?: number;
  readonly endsAtReturn?: boolean;
}

function linesOf(text: string, { offsets = [], longestLine = 1_000, endsAtReturn = false }: SplitOptions = {}) {
  const lines: string[] = [];
  const splitter = new LineSplitter({
    longestLine,
    endsAtReturn,
    onLine: (line) => lines.push(line),
    onDropped: () => lines.push('dropped'),
  });
  for (const piece of cut(Buffer.from(text), offsets)) splitter.push(Uint8Array.from(piece));
  splitter.end();
  return lines;
}

const texts = fc
  .array(fc.constantFrom('a', 'ü', '🦙', '\n', '\r', '\r\n', 'bcd', '\uFEFF'), { maxLength: 30 })
  .map((parts) => parts.join(''));
const splits = texts.chain((text) =>
  fc.tuple(
    fc.constant(text),
    fc.array(fc.nat(Buffer.byteLength(text))).map((offsets) => offsets.sort((a, b) => a - b)),
  ),
);

function withoutEmptyLast(lines: string[]): string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

describe('LineSplitter', () => {
  for (const endsAtReturn of [false, true]) {
    it(`reports the same lines for any split, with ${endsAtReturn ? 'returns and line feeds' : 'line feeds only'}`, () => {
      const ends = endsAtReturn ? /\r\n|\r|\n/ : /\n/;
      fc.assert(
        fc.property(splits, ([text, offsets]) => {
          const expected = withoutEmptyLast(text.replace(/^\uFEFF/, '').split(ends));
          const lines = linesOf(text, { offsets, endsAtReturn });
          expect(lines.filter((line) => line !== '')).to.deep.equal(expected.filter((line) => line !== ''));
          expect(lines.length).to.be.within(expected.length, expected.length + 1);
        }),
      );
    });

    it(`drops the same long lines for any split, with ${endsAtReturn ? 'returns and line feeds' : 'line feeds only'}`, () => {
      fc.assert(
        fc.property(splits, ([text, offsets]) => {
          const whole = linesOf(text, { longestLine: 4, endsAtReturn });
          expect(linesOf(text, { longestLine: 4, endsAtReturn, offsets })).to.deep.equal(whole);
        }),
      );
    });
  }

  it('reports a line that is too long once, and continues with the next one', () => {
    expect(linesOf('abc\nabcdef\nx\nabcdefgh', { longestLine: 3, offsets: [5, 6, 7, 8] })).to.deep.equal([
      ...['abc', 'dropped', 'x', 'dropped'],
    ]);
  });
});
