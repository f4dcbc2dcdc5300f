import { expect } from 'chai';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { parseExposition } from '../../../../lib/core/formats/parse-exposition.js';
import { History } from '../../../../lib/core/server/page/history.js';
import { Scrape } from '../../../../lib/core/server/page/scrape.js';

describe('the history of a page', () => {
  const scrapeAt = (at: number, requests: number, active = 0) => {
    const labels = '{model="m",graph="g"}';
    const text = `${catalog.requests.name}${labels} ${requests}\n${catalog.activeRequests.name}${labels} ${active}\n`;
    return { at, scrape: new Scrape(parseExposition(text)) };
  };
  const ratesOf = ({ moments }: History) =>
    moments.map(({ increase }) => increase && (increase.requestsByModel.get('m') ?? 0) / increase.seconds);

  it('has no rate before the second scrape', () => {
    const history = new History();
    history.add(scrapeAt(0, 100));
    expect(ratesOf(history)).to.deep.equal([undefined]);
  });

  it('computes rates over its window', () => {
    const history = new History({ window: 4 });
    [0, 2, 6, 6, 16].forEach((requests, place) => {
      history.add(scrapeAt(2 * place, requests));
    });
    expect(ratesOf(history)).to.deep.equal([undefined, 1, 1.5, 1, 2.5]);
  });

  it('counts from zero after a target restarts', () => {
    const history = new History();
    history.add(scrapeAt(0, 100));
    history.add(scrapeAt(2, 6));
    expect(ratesOf(history)).to.deep.equal([undefined, 3]);
  });

  for (const [title, at, missed] of [
    ['there was no scrape for a long time', 60, false],
    ['a scrape failed', 4, true],
  ] as const) {
    it(`has a gap if ${title}`, () => {
      const history = new History();
      history.add(scrapeAt(0, 0, 1));
      history.add(scrapeAt(2, 4, 1));
      history.add(scrapeAt(at, 400, 1), missed);
      history.add(scrapeAt(at + 2, 402, 1));
      expect(history.gaps).to.deep.equal([{ from: 2, to: at }]);
      expect(history.moments.map(({ reading }) => reading?.active)).to.deep.equal([1, 1, undefined, 1, 1]);
      expect(ratesOf(history)).to.deep.equal([undefined, 2, undefined, undefined, 1]);
    });
  }

  it('clears the history if the clock was set back', () => {
    const history = new History();
    for (const [place, at] of [100, 102, 40, 42].entries()) history.add(scrapeAt(at, 10 * place), place === 1);
    expect(history.moments.map(({ at }) => at)).to.deep.equal([40, 42]);
    expect(history.gaps).to.deep.equal([]);
    expect(ratesOf(history)).to.deep.equal([undefined, 5]);
  });

  it('ignores a second scrape with the same time', () => {
    const history = new History();
    for (const at of [0, 2, 2, 4]) history.add(scrapeAt(at, at));
    expect(ratesOf(history)).to.deep.equal([undefined, 1, 1]);
  });

  it('removes readings and gaps that are older than its span', () => {
    const history = new History({ span: 10 });
    for (let at = 0; at <= 40; at += 2) history.add(scrapeAt(at, at), at === 20);
    expect(history.moments.map(({ at }) => at)).to.deep.equal([30, 32, 34, 36, 38, 40]);
    expect(history.gaps).to.deep.equal([]);
    expect(history.latest?.at).to.equal(40);
  });
});
