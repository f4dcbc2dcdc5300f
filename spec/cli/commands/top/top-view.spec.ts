import { expect } from 'chai';
import fc from 'fast-check';
import type { TopStatistics } from '../../../../cli/commands/top/statistics.js';
import { topView } from '../../../../cli/commands/top/top-view.js';

const requests = {
  requestsPerSecond: 5.25,
  errorPercent: 12.5,
  p50Seconds: 0.123,
  p95Seconds: 1.5,
  p99Seconds: null,
  inputTokensPerSecond: 940,
  outputTokensPerSecond: 320,
  active: 7,
};
const statistics: TopStatistics = {
  ...requests,
  windowSeconds: 10,
  hasTraffic: true,
  cacheHitPercent: 42,
  queue: { waiting: 3, capacity: 20, busyWorkers: 4, rejectedPerSecond: 0.5 },
  models: [
    { ...requests, model: 'small', breaker: 'closed' },
    { ...requests, model: 'large\u001B[31m', breaker: 'open' },
  ],
  nodes: [{ node: 'code', graph: 'g', perSecond: 2, meanSeconds: 1.2, p95Seconds: 3, errorPercent: 0 }],
};
const state = { url: 'http://h/metrics', time: '12:00:00', statistics };
const textOf = (...given: Parameters<typeof topView>) =>
  topView(...given)
    .map(({ text }) => text)
    .join('\n');

describe('topView', () => {
  it('shows every value, and a dash for missing values', () => {
    const text = textOf(state);
    for (const fact of ['5.3/s over 10 s', 'active 7', 'errors 13 %', 'p50 123 ms', 'p95 1.5 s', 'p99 -']) {
      expect(text).to.contain(fact);
    }
    for (const fact of ['in 940/s, out 320/s', 'cache hits 42 %', 'queue 3 of 20', 'rejected 0.5/s']) {
      expect(text).to.contain(fact);
    }
    expect(text)
      .to.match(/^small +5.3\/s .*closed/m)
      .and.to.match(/^code +1.2 s +3 s +2\/s/m);
  });

  it('highlights an open circuit breaker, and removes control characters from labels', () => {
    const open = topView(state).find(({ text }) => text.startsWith('circuit breaker'));
    expect(open?.text).to.match(/^circuit breaker of large.*: open$/);
    expect(open?.tone).to.equal('red');
    expect(textOf(state)).to.not.contain('\u001B');
  });

  it('fits any terminal size, and drops table columns before it shortens one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 40 }), (columns, rows) => {
        const lines = topView(state, { columns, rows });
        expect(lines.length).to.be.at.most(rows);
        for (const { text } of lines) expect(text.length).to.be.at.most(columns);
      }),
    );
    expect(textOf(state, { columns: 40 }))
      .to.match(/^model +requests +errors/m)
      .and.to.not.contain('tokens out');
  });

  it('shows that there is no traffic yet, or that rates need a second scrape', () => {
    const idle = { ...statistics, hasTraffic: false, models: [], nodes: [] };
    expect(textOf({ ...state, statistics: idle })).to.contain('no traffic yet');
    expect(textOf({ ...state, statistics: { ...statistics, windowSeconds: 0 } })).to.contain(
      'rates are shown after the next',
    );
  });

  it('shows a problem of the endpoint above the previous values', () => {
    const problem = { message: 'does not respond: refused.', seconds: 12.4 };
    expect(textOf({ ...state, problem })).to.contain(
      'The endpoint does not respond: refused. This problem has lasted for 12 s; the values below are older.',
    );
    expect(textOf({ ...state, problem })).to.contain('active 7');
    expect(textOf({ ...state, statistics: undefined, problem })).to.contain('The endpoint does not respond: refused.');
  });
});
