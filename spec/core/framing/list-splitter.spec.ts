import { expect } from 'chai';
import fc from 'fast-check';
import { ListSplitter } from '../../../lib/core/framing/list-splitter.js';
import { cut } from '../../proxy/observation/corpus/replay.js';

function objectsOf(text: string, offsets: readonly number[] = [], longestObject = 1_000): string[] {
  const objects: string[] = [];
  const splitter = new ListSplitter({
    longestObject,
    onObject: (object) => objects.push(object),
    onDropped: () => objects.push('dropped'),
  });
  for (const piece of cut(Buffer.from(text), offsets)) splitter.push(Uint8Array.from(piece));
  return objects;
}

function offsetsOf(text: string): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(Buffer.byteLength(text))).map((offsets) => offsets.sort((one, other) => one - other));
}

describe('ListSplitter', () => {
  it('reports the objects of a list, independent of how it is split', () => {
    const values = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true });
    const splits = fc
      .tuple(fc.array(values), fc.constantFrom(undefined, 2))
      .map(([objects, space]) => ({ objects, text: JSON.stringify(objects, null, space) }))
      .chain((list) => fc.tuple(fc.constant(list), offsetsOf(list.text)));
    fc.assert(
      fc.property(splits, ([{ objects, text }, offsets]) => {
        const reported = objectsOf(text, offsets, 100_000).map((object) => JSON.parse(object));
        expect(reported).to.deep.equal(JSON.parse(JSON.stringify(objects)));
      }),
    );
  });

  it('reports the same objects of any text, independent of how it is split', () => {
    const scraps = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', 'ü', '{}', '"}"', '\\"');
    const texts = fc.array(scraps, { maxLength: 20 }).map((all) => all.join(''));
    const splits = texts.chain((text) => fc.tuple(fc.constant(text), offsetsOf(text)));
    fc.assert(
      fc.property(splits, ([text, offsets]) => {
        expect(objectsOf(text, offsets, 6)).to.deep.equal(objectsOf(text, [], 6));
      }),
    );
  });

  const lists: readonly (readonly [text: string, objects: readonly string[]])[] = [
    ['[{"a":{"b":1}},\n{"c":[{}]}]', ['{"a":{"b":1}}', '{"c":[{}]}']],
    ['[{"a":"}{"},{"b":"\\"}"},{"c":"\\\\"}]', ['{"a":"}{"}', '{"b":"\\"}"}', '{"c":"\\\\"}']],
    ['["{", 1, null, "\\"{", {"a":1}]', ['{"a":1}']],
    ['}}{"a":1}', ['{"a":1}']],
    ['[{"a":1},{"b":', ['{"a":1}']],
    ['', []],
  ];
  for (const [text, objects] of lists) {
    it(`reports the objects of ${text}`, () => {
      for (let offset = 0; offset <= text.length; offset++) {
        expect(objectsOf(text, [offset]), `split at ${offset}`).to.deep.equal(objects);
      }
    });
  }

  it('drops a object that is too long once, and continues with the next one', () => {
    expect(objectsOf('[{"a":12},{"a":123},{"b":1}]', [], 8)).to.deep.equal(['{"a":12}', 'dropped', '{"b":1}']);
    const text = `[{"a":"${'x'.repeat(30)}"},{"b":1}]`;
    expect(objectsOf(text, [10, 15, 20, 25], 8)).to.deep.equal(['dropped', '{"b":1}']);
  });
});
