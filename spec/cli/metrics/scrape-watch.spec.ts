import { expect } from 'chai';
import { ScrapeWatch } from '../../../cli/metrics/scrape-watch.js';

describe('ScrapeWatch', () => {
  const never = new AbortController().signal;

  it('waits for a scrape', async () => {
    const watch = new ScrapeWatch();
    const lingered = watch.linger({ seconds: 60, signal: never });
    watch.onScrape();
    expect(await lingered).to.equal(true);
  });

  it('ignores earlier scrapes', async () => {
    const watch = new ScrapeWatch();
    watch.onScrape();
    expect(await watch.linger({ seconds: 0.01, signal: never })).to.equal(false);
  });

  it('counts a scrape that started after the given time', async () => {
    const watch = new ScrapeWatch();
    const startedAfter = Date.now() - 1000;
    const lingered = watch.linger({ seconds: 60, signal: never, startedAfter });
    watch.onScrape(startedAfter);
    expect(await lingered).to.equal(true);
  });

  it('returns immediately for 0 seconds', async () => {
    expect(await new ScrapeWatch().linger({ seconds: 0, signal: never })).to.equal(false);
  });

  it('returns false if aborted before or during the wait', async () => {
    const controller = new AbortController();
    const lingered = new ScrapeWatch().linger({ seconds: 60, signal: controller.signal });
    controller.abort();
    expect(await lingered).to.equal(false);
    expect(await new ScrapeWatch().linger({ seconds: 60, signal: controller.signal })).to.equal(false);
  });

  it('accepts scrapes while nothing waits', () => {
    expect(() => new ScrapeWatch().onScrape()).not.to.throw();
  });

  it('ignores a late report of a scrape that started earlier', async () => {
    const watch = new ScrapeWatch();
    const began = Date.now() - 1;
    const lingering = watch.linger({ seconds: 0.05, signal: new AbortController().signal });
    watch.onScrape(began);
    expect(await lingering).to.equal(false);
  });
});
