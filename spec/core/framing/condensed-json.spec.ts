import { expect } from 'chai';
import fc from 'fast-check';
import { CondensedJson } from '../../../lib/core/framing/condensed-json.js';
import { cut } from '../../proxy/observation/corpus/replay.js';

/** Returns the condensed text of pieces, or `undefined` if it is too long. */
function condensed(text: string | Buffer, offsets: readonly number[] = [], limit?: number): string | undefined {
  const json = new CondensedJson(limit);
  const fits = cut(Buffer.from(text), offsets).map((piece) => json.append(piece));
  return fits.includes(false) ? undefined : json.takeText();
}

function offsetsOf(text: string): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(Buffer.byteLength(text))).map((offsets) => offsets.sort((one, other) => one - other));
}

function value(text: string | undefined): unknown {
  return JSON.parse(text ?? 'null');
}

describe('CondensedJson', () => {
  it('keeps short texts unchanged, independent of how they are split', () => {
    const texts = fc.jsonValue({ maxDepth: 3 }).map((one) => JSON.stringify(one));
    const splits = texts.chain((text) => fc.tuple(fc.constant(text), offsetsOf(text)));
    fc.assert(
      fc.property(splits, ([text, offsets]) => {
        expect(condensed(text, offsets)).to.equal(text);
      }),
    );
  });

  it('condenses long texts to valid JSON with the same outer fields, independent of how they are split', () => {
    const long = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).map((part) => part.repeat(600));
    const leaves = fc.oneof(long, fc.integer(), fc.constant(null));
    const lists = fc.array(leaves, { maxLength: 3 }).map((list) => Array(200).fill(list));
    const values = fc.record({ a: fc.oneof(leaves, lists), b: fc.oneof(leaves, lists), usage: fc.integer() });
    const splits = values
      .map((one) => JSON.stringify(one).replaceAll('😀', '\\ud83d\\ude00'))
      .chain((text) => fc.tuple(fc.constant(text), offsetsOf(text)));
    fc.assert(
      fc.property(splits, ([text, offsets]) => {
        const whole = condensed(text, [], 2 ** 24);
        expect(condensed(text, offsets, 2 ** 24)).to.equal(whole);
        const { usage, ...others } = value(whole) as Record<string, unknown>;
        const original = JSON.parse(text);
        expect([usage, Object.keys(others)]).to.deep.equal([original.usage, ['a', 'b']]);
        for (const key of ['a', 'b']) expect(typeof others[key]).to.equal(typeof original[key]);
      }),
      { numRuns: 30 },
    );
  });

  it('truncates a long string, but not within a character or an escape', () => {
    for (const part of ['a', 'ü', '🦙', '\n', '"', '\\', '\u0001']) {
      for (let shift = 0; shift < 12; shift++) {
        const text = 'x'.repeat(shift) + part.repeat(6_000);
        const kept = value(condensed(JSON.stringify({ text, last: 1 }))) as { text: string; last: number };
        expect(kept.last).to.equal(1);
        expect(text.startsWith(kept.text), JSON.stringify(part)).to.equal(true);
        expect(kept.text.length).to.be.within(100, 1_035);
      }
    }
  });

  it('keeps the first members of long lists and objects, fewer of inner ones, and none of the deepest', () => {
    const list = Array.from({ length: 2_000 }, (_, place) => place);
    expect(value(condensed(JSON.stringify(list)))).to.deep.equal(list.slice(0, 128));
    expect(value(condensed(JSON.stringify([[[[list]]]])))).to.deep.equal([[[[list.slice(0, 32)]]]]);
    const object = Object.fromEntries(list.map((place) => [`key ${place}`, { place: [place] }]));
    expect(Object.keys(value(condensed(JSON.stringify(object))) as object)).to.have.length(128);
    const kept = condensed('['.repeat(5_000) + ']'.repeat(5_000));
    expect(kept).to.equal('['.repeat(17) + ']'.repeat(17));
  });

  it('limits the memory for any text, and reports when it ignores further pieces', () => {
    const json = new CondensedJson(10_000);
    const piece = Buffer.from(`"${'a'.repeat(100_000)}",[1,2],`.repeat(8));
    expect(json.append(Buffer.from('[')) && json.append(piece)).to.equal(true);
    expect(json.append(Buffer.from('1'.repeat(5_000)))).to.equal(false);
    expect(json.append(Buffer.from('2'))).to.equal(false);
    expect(json.rawLength).to.equal(1 + piece.length + 5_001);
    expect(json.heldBytes).to.be.below(40_000);
    json.clear();
    expect(json.append(Buffer.from('[1]'))).to.equal(true);
    expect([json.rawLength, json.takeText()]).to.deep.equal([3, '[1]']);
  });
});
