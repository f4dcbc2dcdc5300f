import { once } from 'node:events';
import { expect } from 'chai';
import { nativeCount } from '../../lib/core/metrics/native/merge-native.js';
import { sampleValue } from '../support/parse-text.js';
import { decreasesBetween, type ScrapedHistogram, scrapeNative } from '../support/scraped/scraped-native.js';
import { type ScrapedApplication, startApplication } from '../support/scraped/start-application.js';

const names = ['recorded_8_seconds', 'recorded_160_seconds'];

describe('native histograms in many scrapes', function () {
  this.timeout(60_000);

  let application: ScrapedApplication | undefined;
  afterEach(() => application?.close());

  /** Scrapes all histograms repeatedly. Returns the last values. Throws if one decreases. */
  async function watch(url: string, milliseconds: number, last = new Map<string, ScrapedHistogram>()) {
    const end = Date.now() + milliseconds;
    for (let scrape = 0; Date.now() < end; scrape++) {
      const format = scrape % 2 === 0 ? 'protobuf' : 'openmetrics';
      for (const name of names) {
        const scraped = await scrapeNative(url, format, name);
        const before = last.get(name);
        if (scraped === undefined) {
          expect(before).to.equal(undefined);
          continue;
        }
        expect(nativeCount(scraped.native), name).to.equal(scraped.count);
        if (before !== undefined) expect(decreasesBetween(before, scraped), name).to.deep.equal([]);
        last.set(name, scraped);
      }
    }
    return last;
  }

  async function command(message: string): Promise<unknown> {
    const answered = once(application!.process, 'message');
    application!.process.send(message);
    return (await answered)[0];
  }

  it('never decrease while threads record, exit and are terminated, and while the server restarts', async () => {
    application = await startApplication('recording-threads.js');
    const { url } = application;
    let last = await watch(url, 4_000);
    await command('restart');
    last = await watch(url, 1_000, last);
    const counts = (await command('stop')) as number[];
    last = await watch(url, 100, last);
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const [index, name] of names.entries()) {
      const { count, native } = last.get(name)!;
      // A terminated thread may have been in the middle of recording a value.
      const [started, recorded] = counts.slice(2 * index);
      expect(count, name).to.be.within(recorded!, started!);
      expect(sampleValue(text, `${name}_count`), name).to.be.within(recorded!, count);
      expect(native.schema, name).to.be.lessThan(index === 0 ? 0 : 3);
    }
  });

  it('never decrease while cluster workers record, exit and are killed', async () => {
    application = await startApplication('recording-cluster.js');
    const { url } = application;
    let last = await watch(url, 5_000);
    await command('stop');
    last = await watch(url, 100, last);
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const name of names) expect(sampleValue(text, `${name}_count`), name).to.equal(last.get(name)?.count);
  });
});
