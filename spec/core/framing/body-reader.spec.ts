import { expect } from 'chai';
import fc from 'fast-check';
import { BodyReader, type BodyReaderOptions } from '../../../lib/core/framing/body-reader.js';
import { cut } from '../../proxy/observation/corpus/replay.js';

type Options = Partial<Pick<BodyReaderOptions, 'expected' | 'jsonFraming' | 'limit'>>;

/** Reads a body and returns everything that the reader reports. */
function read(text: string, options: Options = {}, offsets: readonly number[] = []) {
  const chunks: unknown[] = [];
  let tooLarge = 0;
  const reader = new BodyReader({
    expected: 'object',
    limit: 1_000,
    wanted: new Set(['model', 'usage']),
    ...options,
    onChunk: (chunk, eventName) => chunks.push(eventName === '' ? chunk : [eventName, chunk]),
    onTooLarge: () => {
      tooLarge++;
    },
  });
  for (const piece of cut(Buffer.from(text), offsets)) reader.push(piece);
  reader.end();
  const { framing, object, isWholeObject, endsWithMark } = reader;
  return { framing, chunks, object, isWholeObject, endsWithMark, tooLarge };
}

const nothing = { chunks: [], object: {}, isWholeObject: false, endsWithMark: false, tooLarge: 0 };
const chunks = [{ a: 1 }, { b: 'ü' }];
const events = 'data: {"a":1}\n\ndata: {"b":"ü"}\n\n';
const lines = '{"a":1}\n{"b":"ü"}\n';
const list = '[{"a":1},\r\n{"b":"ü"}]';
const object = '{"model":"m","text":"ü","usage":{"a":1}}';
const wanted = { model: 'm', usage: { a: 1 } };

type Expected = Partial<ReturnType<typeof read>>;
const cases: readonly (readonly [name: string, text: string, options: Options, expected: Expected])[] = [
  ['events', events, { expected: 'events' }, { framing: 'events', chunks }],
  ['events that are labelled as an object', events, {}, { framing: 'events', chunks }],
  ['events that are labelled as lines', events, { expected: 'lines' }, { framing: 'events', chunks }],
  ['events that begin with a comment', `: hi\n\n${events}`, {}, { framing: 'events', chunks }],
  ['events after blank lines', `\uFEFF\r\n\n${events}`, {}, { framing: 'events', chunks }],
  ['a last event without an end', events.trimEnd(), {}, { framing: 'events', chunks }],
  [
    'the mark of OpenAI at the end',
    `${events}data: [DONE]\n\n`,
    { expected: 'events' },
    { framing: 'events', chunks, endsWithMark: true },
  ],
  [
    'a mark that is only similar',
    `data: [DONE\n\ndata: x[DONE]\n\n${events}`,
    { expected: 'events' },
    { framing: 'events', chunks },
  ],
  [
    'the names of events',
    'event: ping\ndata: {"a":1}\n\nevent: error\ndata: {"b":1}\n\n',
    { expected: 'events' },
    {
      framing: 'events',
      chunks: [
        ['ping', { a: 1 }],
        ['error', { b: 1 }],
      ],
    },
  ],
  [
    'an error event whose data is no object',
    'event: error\ndata: no\n\nevent: ping\ndata: no\n\n',
    { expected: 'events' },
    { framing: 'events', chunks: [['error', { error: 'no' }]] },
  ],
  [
    'events without an object',
    'data: 1\n\ndata: "{"\n\ndata: [{"a":1}]\n\ndata: {"a":\n\ndata: null\n\n',
    { expected: 'events' },
    { framing: 'events' },
  ],
  ['lines', lines, { expected: 'lines' }, { framing: 'lines', chunks }],
  ['a last line without an end', lines.trimEnd(), { expected: 'lines' }, { framing: 'lines', chunks }],
  ['lines with returns', lines.replaceAll('\n', '\r\n'), { expected: 'lines' }, { framing: 'lines', chunks }],
  ['lines without an object', '{"a":1}\nno\n[]\n\n{"b":"ü"}\n{', { expected: 'lines' }, { framing: 'lines', chunks }],
  ['lines in place of events', lines, { expected: 'events', jsonFraming: 'lines' }, { framing: 'lines', chunks }],
  ['a list', list, {}, { framing: 'lines', chunks }],
  ['a list in place of events', list, { expected: 'events' }, { framing: 'lines', chunks }],
  ['a list after blank bytes', ` \n${list}`, { expected: 'lines' }, { framing: 'lines', chunks }],
  ['an object', object, {}, { framing: 'object', object: wanted, isWholeObject: true }],
  [
    'an object in place of events',
    object,
    { expected: 'events' },
    { framing: 'object', object: wanted, isWholeObject: true },
  ],
  [
    'an object in place of events, as the request wanted',
    object,
    { expected: 'events', jsonFraming: 'object' },
    { framing: 'object', object: wanted, isWholeObject: true },
  ],
  [
    'an expected object, even if `jsonFraming` is `lines`',
    object,
    { expected: 'object', jsonFraming: 'lines' },
    { framing: 'object', object: wanted, isWholeObject: true },
  ],
  [
    'an object after blank bytes',
    `\uFEFF\r\n\t ${object}`,
    {},
    { framing: 'object', object: wanted, isWholeObject: true },
  ],
  ['an object without an end', '{"model":"m","usage":{', {}, { framing: 'object', object: { model: 'm' } }],
  ['an empty body', '', {}, { framing: 'object' }],
  ['a blank body, with the expected framing', '\r\n \t', { expected: 'lines' }, { framing: 'lines' }],
  ['text', 'no JSON', {}, { framing: 'events' }],
];

describe('BodyReader', () => {
  for (const [name, text, options, expected] of cases) {
    it(`reads ${name}, split at any position`, () => {
      for (let offset = 0; offset <= Buffer.byteLength(text); offset++) {
        expect(read(text, options, [offset]), `split at ${offset}`).to.deep.equal({ ...nothing, ...expected });
      }
    });
  }

  it('reads any body identically, independent of how it is split', () => {
    const scraps = fc.constantFrom(
      ...['{', '}', '[', ']', '"', ':', ',', '\n', '\r', 'data: ', '{"a":1}', '"model"', 'ü'],
    );
    const texts = fc.oneof(
      fc.constantFrom(events, lines, list, object),
      fc.array(scraps, { maxLength: 20 }).map((all) => all.join('')),
    );
    const splits = texts.chain((text) =>
      fc.tuple(
        fc.constant(text),
        fc.array(fc.nat(Buffer.byteLength(text))).map((offsets) => offsets.sort((one, other) => one - other)),
        fc.constantFrom('events', 'lines', 'object') as fc.Arbitrary<BodyReaderOptions['expected']>,
        fc.constantFrom(12, 1_000),
      ),
    );
    fc.assert(
      fc.property(splits, ([text, offsets, expected, limit]) => {
        const { tooLarge, ...whole } = read(text, { expected, limit });
        const { tooLarge: alsoTooLarge, ...split } = read(text, { expected, limit }, offsets);
        expect(split).to.deep.equal(whole);
        expect(alsoTooLarge > 0).to.equal(tooLarge > 0);
      }),
    );
  });

  describe('with a body that is too large', () => {
    const long = '{"a":"xxxxxxxxxxxxxxxxxxxx"}';
    const framings: readonly (readonly [text: string, options: Options])[] = [
      [`data: ${long}\n\ndata: {"b":1}\n\n`, { expected: 'events' }],
      [`${long}\n{"b":1}\n`, { expected: 'lines' }],
      [`[${long},{"b":1}]`, {}],
    ];
    for (const [text, options] of framings) {
      it(`drops a chunk of ${JSON.stringify(text)}`, () => {
        expect(read(text, { ...options, limit: 20 }, [9, 12])).to.deep.include({ chunks: [{ b: 1 }], tooLarge: 1 });
      });
    }

    it('keeps the fields of an object up to the limit', () => {
      expect(read(`{"model":"m","text":"${'x'.repeat(50)}"}`, { limit: 30 })).to.deep.include({
        ...{ object: { model: 'm' }, isWholeObject: false, tooLarge: 1 },
      });
    });
  });

  it('skips a byte order mark that is split at any position', () => {
    for (const text of [events, lines, object]) {
      const options: Options = text === lines ? { expected: 'lines' } : {};
      for (let offset = 1; offset < 5; offset++) {
        expect(read(`\uFEFF${text}`, options, [offset]), `${text} at ${offset}`).to.deep.equal(read(text, options));
      }
    }
  });

  describe('with long strings and lists in its chunks', () => {
    const long = JSON.stringify({ a: 'ü'.repeat(300_000), b: Array(50_000).fill(0.5), usage: { c: 7 } });
    const framings: readonly (readonly [text: string, options: Options])[] = [
      [`data: ${long}\n\n`, { expected: 'events' }],
      [`${long}\n`, { expected: 'lines' }],
      [`[${long}]`, {}],
    ];
    for (const [text, options] of framings) {
      it(`truncates them and reads what follows, as ${options.expected ?? 'a list'}`, () => {
        const chunks: Readonly<Record<string, unknown>>[] = [];
        const reader = new BodyReader({
          expected: 'object',
          ...options,
          limit: 8 * 1024 * 1024,
          wanted: new Set(),
          onChunk: (chunk) => chunks.push(chunk),
          onTooLarge: () => expect.fail(),
        });
        let most = 0;
        const bytes = Buffer.from(text);
        for (let from = 0; from < bytes.length; from += 16_384) {
          reader.push(bytes.subarray(from, from + 16_384));
          most = Math.max(most, reader.heldBytes);
        }
        reader.end();
        expect(chunks).to.deep.equal([{ a: 'ü'.repeat(512), b: Array(128).fill(0.5), usage: { c: 7 } }]);
        expect(most).to.be.below(32 * 1024);
      });
    }
  });
});
