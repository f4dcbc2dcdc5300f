import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { Family, ReadableSeries } from '../../../lib/core/formats/family.js';
import { compressions } from '../../../lib/core/server/compress.js';
import type { ScrapeRequest } from '../../../lib/core/server/scrape-query.js';
import type { ScrapeBody } from '../../../lib/core/server/scrape-rendering.js';
import { type AdditionalMetrics, ScrapeSource } from '../../../lib/core/server/scrape-source.js';
import { SharedScrapes } from '../../../lib/core/server/shared-scrapes.js';
import { decompress } from '../../support/decompress.js';
import { familyOf } from '../../support/families.js';

const mebibyte = 1024 ** 2;

/** A source of a text of the given size. It counts gatherings, and each text contains the number of its gathering. */
class CountedMetrics implements AdditionalMetrics {
  gathered = 0;
  open: (() => void)[] = [];
  isHeld = false;

  constructor(readonly bytes = 10) {}

  async refresh(): Promise<void> {}

  isThere(): boolean {
    return true;
  }

  async add(readFamilies: () => readonly Family[]): Promise<{ families: readonly Family[]; rest: Uint8Array }> {
    this.gathered++;
    const rest = Buffer.from(`${this.gathered}\n`.padEnd(this.bytes, 'x'));
    if (this.isHeld) await new Promise<void>((resolve) => this.open.push(resolve));
    return { families: readFamilies(), rest };
  }
}

/** A family whose series take 6 MB in protobuf. Each series is created when it is read. */
class LargeFamily implements AdditionalMetrics {
  async refresh(): Promise<void> {}

  isThere(): boolean {
    return true;
  }

  async add(): Promise<{ families: readonly Family[]; rest: Uint8Array }> {
    const { descriptor } = familyOf({ name: 'large', help: '', kind: 'gauge' });
    const value = 'x'.repeat(10_000);
    function* series(): Generator<ReadableSeries> {
      for (let index = 0; index < 600; index++) {
        yield { labelText: `a="${value}${index}"`, createdSeconds: 0, cell: () => index };
      }
    }
    return { families: [{ descriptor, series: { [Symbol.iterator]: series } }], rest: new Uint8Array(0) };
  }
}

const plain: ScrapeRequest = {
  format: 'text',
  escaping: 'underscores',
  names: [],
  encoding: 'identity',
  statesEscaping: false,
  created: false,
};

async function bytesOf(body: ScrapeBody | undefined): Promise<Buffer> {
  if (body === undefined) throw new Error('there was no room for the body');
  if (body.content instanceof Uint8Array) return Buffer.from(body.content);
  const pieces: Buffer[] = [];
  for await (const piece of body.content) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('SharedScrapes', () => {
  const noDrop = () => {};

  it('renders once for all waiting scrapes, and never joins a rendering that has begun', async () => {
    const metrics = new CountedMetrics();
    const scrapes = new SharedScrapes(new ScrapeSource(metrics));
    metrics.isHeld = true;
    const first = scrapes.renderShared(plain, noDrop);
    await settled();
    const later = Array.from({ length: 10 }, () => scrapes.renderShared(plain, noDrop));
    await settled();
    expect(metrics.gathered).to.equal(1);
    metrics.isHeld = false;
    for (const open of metrics.open) open();
    const bodies = await Promise.all([first, ...later]);
    expect(metrics.gathered).to.equal(2);
    const numbers = await Promise.all(bodies.map(async (body) => (await bytesOf(body)).toString().trim()[0]));
    expect(numbers).to.deep.equal(['1', ...Array(10).fill('2')]);
    expect(new Set(bodies.slice(1).map((body) => body?.content)).size).to.equal(1);
    expect(scrapes.outstandingBytes).to.equal(20);
    for (const body of bodies) body?.release();
    expect(scrapes.outstandingBytes).to.equal(0);
  });

  it('renders scrapes separately if format, filter or compression differ', async () => {
    const metrics = new CountedMetrics();
    const scrapes = new SharedScrapes(new ScrapeSource(metrics));
    const requests: ScrapeRequest[] = [
      plain,
      { ...plain, encoding: 'gzip' },
      { ...plain, names: ['a'] },
      { ...plain, created: true },
      { ...plain, format: 'openmetrics' },
    ];
    await Promise.all(requests.map((request) => scrapes.renderShared(request, noDrop)));
    expect(metrics.gathered).to.equal(5);
    await Promise.all([
      scrapes.renderShared({ ...plain, names: ['a', 'b'] }, noDrop),
      scrapes.renderShared({ ...plain, names: ['b', 'a', 'b'] }, noDrop),
      scrapes.renderShared({ ...plain, names: ['b', 'a'] }, noDrop),
    ]);
    expect(metrics.gathered).to.equal(7);
  });

  for (const encoding of ['identity', ...compressions] as const) {
    it(`renders a large body in pieces, the same for each client, with the encoding ${encoding}`, async () => {
      const source = new ScrapeSource(new CountedMetrics());
      // Random text is also large when it is compressed.
      const text = randomBytes(5 * mebibyte).toString('hex');
      source.gather = async () => ({
        families: [],
        rest: Buffer.from(text),
        bytes: text.length,
        largestBytes: 0,
        seconds: 0,
      });
      const scrapes = new SharedScrapes(source, { bytes: 40 * mebibyte });
      const request = { ...plain, encoding };
      const bodies = await Promise.all(Array.from({ length: 3 }, () => scrapes.renderShared(request, noDrop)));
      for (const body of bodies) {
        expect(body?.content).not.to.be.instanceOf(Uint8Array);
        const bytes = await bytesOf(body);
        expect(decompress(bytes, encoding).toString() === text).to.equal(true);
        body?.release();
        body?.release();
      }
      expect(scrapes.outstandingBytes).to.equal(0);
    });
  }

  it('limits the bytes that wait to be sent, and drops slow clients', async () => {
    const metrics = new CountedMetrics(mebibyte);
    const scrapes = new SharedScrapes(new ScrapeSource(metrics), { bytes: 4 * mebibyte, slowMilliseconds: 60_000 });
    const bodies: (ScrapeBody | undefined)[] = [];
    for (let scrape = 0; scrape < 10; scrape++) bodies.push(await scrapes.renderShared(plain, noDrop));
    expect(bodies.filter((body) => body === undefined)).not.to.have.length(0);
    expect(scrapes.outstandingBytes).to.be.within(mebibyte, 4 * mebibyte);
    for (const body of bodies) body?.release();
    expect(scrapes.outstandingBytes).to.equal(0);

    const impatient = new SharedScrapes(new ScrapeSource(metrics), { bytes: 4 * mebibyte, slowMilliseconds: 0 });
    let dropped = 0;
    for (let scrape = 0; scrape < 10; scrape++) {
      expect(await impatient.renderShared(plain, () => dropped++)).not.to.equal(undefined);
    }
    expect(dropped).to.be.within(5, 9);
    expect(impatient.outstandingBytes).to.be.at.most(4 * mebibyte);
  });

  it('counts the memory of a large family in protobuf until it is sent', async () => {
    const request = { ...plain, format: 'protobuf' } as const;
    const limits = { bytes: 12 * mebibyte, slowMilliseconds: 60_000 };
    const scrapes = new SharedScrapes(new ScrapeSource(new LargeFamily()), limits);
    const first = await scrapes.renderShared(request, noDrop);
    expect(scrapes.outstandingBytes).to.be.greaterThan(5 * mebibyte);
    const second = await scrapes.renderShared(request, noDrop);
    const third = await scrapes.renderShared(request, noDrop);
    expect(third).to.equal(undefined);
    expect((await bytesOf(first)).length).to.be.greaterThan(5 * mebibyte);
    for (const body of [first, second]) body?.release();
    await settled();
    expect(scrapes.outstandingBytes).to.equal(0);
    expect((await bytesOf(await scrapes.renderShared(request, noDrop))).length).to.be.greaterThan(5 * mebibyte);
  });

  it('rejects all waiting scrapes if gathering fails, and renders the next one', async () => {
    const metrics = new CountedMetrics();
    const { add } = metrics;
    metrics.add = () => Promise.reject(new Error('broken'));
    const scrapes = new SharedScrapes(new ScrapeSource(metrics));
    const failed = await Promise.all(
      [1, 2].map(() => scrapes.renderShared(plain, noDrop).catch(({ message }) => message)),
    );
    expect(failed).to.deep.equal(['broken', 'broken']);
    metrics.add = add;
    expect((await bytesOf(await scrapes.renderShared(plain, noDrop))).toString()).to.match(/^1/);
  });
});
