import zlib from 'node:zlib';
import { expect } from 'chai';
import { DecodedBody } from '../../../lib/proxy/observation/decoded-body.js';

interface Read {
  readonly text: string;
  readonly uninspected: readonly string[];
}

async function read(pieces: readonly Uint8Array[], encoding: string | undefined, limit = 10_000): Promise<Read> {
  const read: Buffer[] = [];
  const uninspected: string[] = [];
  const body = new DecodedBody({
    encoding,
    limit,
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

  it('gives what is plain at once', () => {
    const seen: string[] = [];
    const body = new DecodedBody({
      encoding: undefined,
      limit: 1,
      onData: (bytes) => seen.push(Buffer.from(bytes).toString()),
      onUninspected: (reason) => seen.push(reason),
    });
    body.push(Buffer.from('abc'));
    body.end(() => seen.push('end'));
    expect(seen).to.deep.equal(['abc', 'end']);
  });

  it('gives what came of a body that was cut', async () => {
    const pieces = byteByByte(zlib.gzipSync(text).subarray(0, -5));
    expect(await read(pieces, 'gzip')).to.deep.equal({ text, uninspected: [] });
  });

  it('leaves what it cannot decode', async () => {
    expect(await read([Buffer.from(text)], 'rot13')).to.deep.equal({ text: '', uninspected: ['encoding'] });
    expect(await read([zlib.gzipSync(text)], 'gzip, br')).to.deep.equal({ text: '', uninspected: ['encoding'] });
    for (const encoding of ['gzip', 'br', 'deflate']) {
      const { uninspected } = await read(byteByByte(Buffer.from(text)), encoding);
      expect(uninspected, encoding).to.deep.equal(['unreadable']);
    }
    expect(await read([], 'gzip')).to.deep.equal({ text: '', uninspected: [] });
  });

  it('leaves what grows without measure', async () => {
    const bomb = zlib.brotliCompressSync(Buffer.alloc(10_000_000), {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 },
    });
    const { text: seen, uninspected } = await read([bomb], 'br');
    expect(uninspected).to.deep.equal(['too_large']);
    expect(seen.length).to.be.at.most(10_000 + 100 * bomb.length);
  });

  it('leaves what comes faster than it can be decoded', async () => {
    const gzipped = zlib.gzipSync(Buffer.from(Array.from({ length: 40_000 }, (_, at) => (at * at * 31) % 251)));
    const { uninspected } = await read(Array(30).fill(gzipped.subarray(0, 1_000)), 'gzip');
    expect(uninspected).to.deep.equal(['too_large']);
  });
});
