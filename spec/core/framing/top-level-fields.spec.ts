import { expect } from 'chai';
import fc from 'fast-check';
import { TopLevelFields } from '../../../lib/core/framing/top-level-fields.js';
import { cut } from '../../proxy/observation/corpus/replay.js';

const wanted = new Set(['model', 'stream', 'usage', 'a"b\\', 'ü']);

function read(text: string, offsets: readonly number[] = [], limit = 1_000_000): TopLevelFields {
  const fields = new TopLevelFields({ wanted, limit });
  for (const piece of cut(Buffer.from(text), offsets)) fields.push(piece);
  return fields;
}

function offsetsOf(text: string): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(Buffer.byteLength(text))).map((offsets) => offsets.sort((a, b) => a - b));
}

describe('TopLevelFields', () => {
  it('reads the same as JSON.parse, independent of how the text is split', () => {
    const keys = fc.oneof(fc.constantFrom(...wanted, 'stream ', 'Model'), fc.string());
    const objects = fc.dictionary(keys, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true });
    const texts = fc.tuple(objects, fc.constantFrom(undefined, 1, '\t'), fc.constantFrom('', ' \r\n', '\uFEFF'));
    const splits = texts
      .map(([object, space, before]) => ({ object, text: before + JSON.stringify(object, null, space) }))
      .chain((made) => fc.tuple(fc.constant(made), offsetsOf(made.text)));
    fc.assert(
      fc.property(splits, ([{ object, text }, offsets]) => {
        const { fields, state } = read(text, offsets);
        const same = Object.entries(JSON.parse(JSON.stringify(object))).filter(([key]) => wanted.has(key));
        expect(state).to.equal('whole');
        expect(fields).to.deep.equal(Object.fromEntries(same));
      }),
      { numRuns: 50 },
    );
  });

  it('never throws, and returns the same result independent of how the text is split', () => {
    const scraps = fc.constantFrom(
      ...['{', '}', '[', ']', ':', ',', '"', '\\', 'model', '"model"', ' ', '1', 'ü', '{"'],
    );
    const texts = fc.array(fc.oneof(scraps, fc.string({ maxLength: 3 })), { maxLength: 20 }).map((all) => all.join(''));
    const splits = texts.chain((text) => fc.tuple(fc.constant(text), offsetsOf(text)));
    fc.assert(
      fc.property(splits, ([text, offsets]) => {
        const [split, whole] = [read(text, offsets), read(text)];
        expect([split.state, split.fields]).to.deep.equal([whole.state, whole.fields]);
      }),
    );
  });

  it('reads keys with escapes, and the last of duplicate fields', () => {
    expect(read('{"model":"a","mod\\u0065l":"b"}').fields).to.deep.equal({ model: 'b' });
  });

  it('reads no fields of inner objects or after the end', () => {
    expect(read('{"x":{"model":1,"y":[{"stream":2}]},"stream":true}{"model":3}').fields).to.deep.equal({
      stream: true,
    });
  });

  it('reports texts that are incomplete or not an object', () => {
    const states = ['[1]', '"model"', 'null', 'hello', '{"model":}', '{"model":tru}', ']', '{"model":1]'].map(
      (text) => read(text).state,
    );
    expect(new Set(states)).to.deep.equal(new Set(['not_json']));
    for (const begun of ['', '  ', '{', '{"model":"a"', '{"model":"a","x']) expect(read(begun).state).to.equal('begun');
    expect(read('{"model":"a","x').fields).to.deep.equal({ model: 'a' });
  });

  it('stops at the limit, and keeps the fields read so far', () => {
    const text = `{"model":"a","images":["${'b'.repeat(1_000)}"],"stream":true}`;
    const fields = read(text, [100, 200, 300], 250);
    expect([fields.state, fields.fields]).to.deep.equal(['too_large', { model: 'a' }]);
    expect(read(text, [], text.length).state).to.equal('whole');
  });

  it('keeps a few KiB of values with many MiB, and reads the fields after them', () => {
    const piece = Buffer.alloc(1024 * 1024, 'a');
    const fields = new TopLevelFields({ wanted, limit: 64 * 1024 * 1024 });
    let most = 0;
    const push = (text: string | Buffer): void => {
      fields.push(Buffer.from(text));
      most = Math.max(most, fields.heldBytes);
    };
    push('{"model":"');
    for (let count = 0; count < 8; count++) push(piece);
    push('","usage":{"texts":["');
    for (let count = 0; count < 8; count++) push(piece);
    push('"],"tokens":5},"stream":true}');
    expect(fields.state).to.equal('whole');
    expect(fields.fields.usage).to.have.property('tokens', 5);
    expect([fields.fields.stream, fields.fields.model]).to.deep.equal([true, 'a'.repeat(1_024)]);
    expect(most).to.be.below(32 * 1024);
  });

  it('also truncates values within one piece', () => {
    const fields = read(`{"model":"${'a'.repeat(60_000)}"}`);
    expect(fields.fields.model).to.equal('a'.repeat(1_024));
  });

  it('stops when the total size of the values exceeds the limit', () => {
    const keys = ['model', 'stream', 'usage'].map((key) => `"${key}":"${'a'.repeat(900)}"`);
    const fields = new TopLevelFields({ wanted, limit: 1_000_000, heldLimit: 2_000 });
    expect(fields.push(Buffer.from(`{${keys.join()}}`))).to.equal('too_large');
    expect(Object.keys(fields.fields)).to.deep.equal(['model', 'stream']);
  });
});
