import zlib from 'node:zlib';
import { expect } from 'chai';
import { DecodedBody } from '../../../lib/proxy/observation/decoded-body.js';
import { InspectionBudget } from '../../../lib/proxy/observation/inspection-budget.js';
import { eventually } from '../../support/eventually.js';

interface Read {
  readonly text: string;
  readonly uninspected: readonly string[];
}

async function read(
  pieces: readonly Uint8Array[],
  encoding: string | undefined,
  limit = 10_000,
  budget = new InspectionBudget(),
): Promise<Read> {
  const read: Buffer[] = [];
  const uninspected: string[] = [];
  const body = new DecodedBody({
    encoding,
    limit,
    budget,
    heldBytes: () => 0,
    onData: (bytes) => read.push(Buffer.from(bytes)),
    onUninspected: (reason) => uninspected.push(reason),
  });
  for (const piece of pieces) body.push(piece);
  await new Promise<void>((resolve) => body.end(resolve));
  return { text: Buffer.concat(read).toString(), uninspected };
}

function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

const text = '{"model":"tiny","prompt":"Grüße 🦙"}';

describe('DecodedBody', () => {
  const encodings: Readonly<Record<string, (text: string) => Uint8Array>> = {
    gzip: zlib.gzipSync,
    'X-GZIP': zlib.gzipSync,
    br: zlib.brotliCompressSync,
    deflate: zlib.deflateSync,
    'deflate ': zlib.deflateRawSync,
    identity: (plain) => Buffer.from(plain),
    '': (plain) => Buffer.from(plain),
  };
  for (const [encoding, encode] of Object.entries(encodings)) {
    it(`decodes ${JSON.stringify(encoding)}`, async () => {
      expect(await read([encode(text)], encoding)).to.deep.equal({ text, uninspected: [] });
      expect(await read(byteByByte(encode(text)), encoding)).to.deep.equal({ text, uninspected: [] });
    });
  }

  it('passes uncompressed bytes immediately', () => {
    const seen: string[] = [];
    const body = new DecodedBody({
      encoding: undefined,
      limit: 1,
      budget: new InspectionBudget(),
      heldBytes: () => 0,
      onData: (bytes) => seen.push(Buffer.from(bytes).toString()),
      onUninspected: (reason) => seen.push(reason),
    });
    body.push(Buffer.from('abc'));
    body.end(() => seen.push('end'));
    expect(seen).to.deep.equal(['abc', 'end']);
  });

  it('decodes the received part of an incomplete body', async () => {
    const pieces = byteByByte(zlib.gzipSync(text).subarray(0, -5));
    expect(await read(pieces, 'gzip')).to.deep.equal({ text, uninspected: [] });
  });

  it('stops at a body that it cannot decode', async () => {
    expect(await read([Buffer.from(text)], 'rot13')).to.deep.equal({ text: '', uninspected: ['encoding'] });
    expect(await read([zlib.gzipSync(text)], 'gzip, br')).to.deep.equal({ text: '', uninspected: ['encoding'] });
    for (const encoding of ['gzip', 'br', 'deflate']) {
      const { uninspected } = await read(byteByByte(Buffer.from(text)), encoding);
      expect(uninspected, encoding).to.deep.equal(['unreadable']);
    }
    expect(await read([], 'gzip')).to.deep.equal({ text: '', uninspected: [] });
  });

  it('stops at a decompression bomb', async () => {
    const bomb = zlib.brotliCompressSync(Buffer.alloc(10_000_000), {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 },
    });
    const { text: seen, uninspected } = await read([bomb], 'br');
    expect(uninspected).to.deep.equal(['too_large']);
    expect(seen.length).to.be.at.most(10_000 + 100 * bomb.length);
  });

  it('stops if a body arrives faster than it can be decoded', async () => {
    const gzipped = zlib.gzipSync(Buffer.from(Array.from({ length: 40_000 }, (_, at) => (at * at * 31) % 251)));
    const { uninspected } = await read(Array(30).fill(gzipped.subarray(0, 1_000)), 'gzip');
    expect(uninspected).to.deep.equal(['too_large']);
  });

  it('decodes at most 1 MiB of a tiny body, whatever the limit', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(8_000_000));
    const { text: seen, uninspected } = await read([bomb], 'gzip', 100_000_000);
    expect(uninspected).to.deep.equal(['too_large']);
    expect(seen.length).to.be.at.most(1024 * 1024 + 100 * bomb.length);
  });

  it('decodes at most 64 MiB of a body', async () => {
    let decoded = 0;
    const uninspected: string[] = [];
    const body = new DecodedBody({
      encoding: 'gzip',
      limit: 2 ** 30,
      budget: new InspectionBudget(),
      heldBytes: () => 0,
      onData: (bytes) => {
        decoded += bytes.length;
      },
      onUninspected: (reason) => uninspected.push(reason),
    });
    // A gzip file can contain several members. Stored members do not expand.
    const member = zlib.gzipSync(Buffer.alloc(1024 * 1024, 'a'), { level: 0 });
    for (let count = 0; count < 70 && uninspected.length === 0; count++) {
      body.push(member);
      await eventually(async () => decoded >= Math.min(count + 1, 64) * 1024 * 1024 || uninspected.length > 0);
    }
    expect(uninspected).to.deep.equal(['too_large']);
    expect(decoded).to.be.at.most(64 * 1024 * 1024);
  });

  it('uses the memory budget for its decoder and its reader, stops without memory, and returns the memory', async () => {
    const budget = new InspectionBudget(100_000);
    const uninspected: string[] = [];
    let held = 0;
    const begin = (encoding: string | undefined) =>
      new DecodedBody({
        encoding,
        limit: 1_000_000,
        budget,
        heldBytes: () => held,
        onData: () => {},
        onUninspected: (reason) => uninspected.push(reason),
      });
    const first = begin('gzip');
    first.push(zlib.gzipSync(text));
    begin('gzip').push(zlib.gzipSync(text));
    expect(uninspected).to.deep.equal(['memory']);
    await new Promise<void>((resolve) => first.end(resolve));
    const plain = begin(undefined);
    plain.push(Buffer.alloc(60_000));
    held = 90_000;
    plain.push(Buffer.alloc(1));
    plain.push(Buffer.alloc(60_000));
    expect(uninspected).to.deep.equal(['memory', 'memory']);
    await new Promise<void>((resolve) => plain.end(resolve));
    held = 0;
    expect(await read([zlib.gzipSync(text)], 'gzip', 10_000, budget)).to.deep.equal({ text, uninspected: [] });
  });
});
