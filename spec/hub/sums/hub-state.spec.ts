import { expect } from 'chai';
import fc from 'fast-check';
import { readGrouping } from '../../../lib/hub/pushes/grouping-key.js';
import { readPush } from '../../../lib/hub/pushes/read-push.js';
import { LineReader } from '../../../lib/hub/storage/line-reader.js';
import { snapshotLines, stepLines } from '../../../lib/hub/storage/state-lines.js';
import { HubState, type Push } from '../../../lib/hub/sums/hub-state.js';
import type { StateChange } from '../../../lib/hub/sums/state-change.js';
import { sumsOfStore } from '../../support/pushing.js';

const EXPIRE = 10;
const WHO = ['x', 'y', 'z'] as const;
const limits = { expireMilliseconds: EXPIRE, maxGroups: 100, maxSeries: 10_000, maxBytes: 10_000_000 };

/** The true state of a pusher: its counts since its start. */
interface Pusher {
  counted: [low: number, high: number];
  gauge: number;
  /** The counts that the hub has received, over all restarts. */
  received: [low: number, high: number];
  /** The counts at the last push since the last restart. */
  pushed: [low: number, high: number];
  pushedAt: number | undefined;
}

type Step =
  | {
      readonly does: 'count';
      readonly who: number;
      readonly low: number;
      readonly high: number;
      readonly gauge: number;
    }
  | { readonly does: 'put' | 'post' | 'delete' | 'restart'; readonly who: number }
  | { readonly does: 'wait'; readonly time: number }
  | { readonly does: 'kill' | 'compact' | 'undo' };

const who = fc.nat({ max: WHO.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant('count' as const),
    who,
    low: fc.nat(5),
    high: fc.nat(5),
    gauge: fc.integer({ min: -9, max: 9 }),
  }),
  fc.record({
    does: fc.constantFrom('put' as const, 'post' as const, 'put' as const, 'delete' as const, 'restart' as const),
    who,
  }),
  fc.record({ does: fc.constant('wait' as const), time: fc.nat(8) }),
  fc.record({ does: fc.constantFrom('kill' as const, 'compact' as const, 'undo' as const) }),
);

function exposition({ counted: [low, high], gauge }: Pusher): string {
  return [
    '# TYPE c_total counter',
    `c_total{kind="low"} ${low}`,
    `c_total{kind="high"} ${high / 10}`,
    '# TYPE h histogram',
    `h_bucket{le="1"} ${low}`,
    `h_bucket{le="+Inf"} ${low + high}`,
    `h_sum ${low + high * 2}`,
    `h_count ${low + high}`,
    '# TYPE g gauge',
    `g ${gauge}`,
    '',
  ].join('\n');
}

describe('HubState', () => {
  it('has exact totals after any pushes, restarts, deletes, expiries and kills, and they never decrease', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state = new HubState(limits);
        /** The lines of a journal since the last compaction. */
        let lines = [...snapshotLines(state.store)];
        let now = 1_000;
        const push = (change: Omit<Push, 'now' | 'wall'>): void =>
          store(state.push({ ...change, now, wall: 7 }).change);
        const store = (change: StateChange): void => {
          for (const step of change.steps) lines.push(...stepLines(step));
          change.end();
        };
        const fresh = (): Pusher => ({
          counted: [0, 0],
          gauge: 0,
          received: [0, 0],
          pushed: [0, 0],
          pushedAt: undefined,
        });
        const pushers = WHO.map(fresh);
        let before: readonly number[] = [0, 0];
        for (const one of steps) {
          const pusher = 'who' in one ? (pushers[one.who] as Pusher) : fresh();
          const grouping = readGrouping(`/metrics/job/j/instance/${'who' in one ? WHO[one.who] : ''}x`);
          if (one.does === 'count') {
            pusher.counted = [pusher.counted[0] + one.low, pusher.counted[1] + one.high];
            pusher.gauge = one.gauge;
          } else if (one.does === 'put' || one.does === 'post') {
            const [low, high] = pusher.counted;
            pusher.received = [
              pusher.received[0] + low - pusher.pushed[0],
              pusher.received[1] + high - pusher.pushed[1],
            ];
            pusher.pushed = [low, high];
            pusher.pushedAt = now;
            const replaces = one.does === 'put' ? 'group' : 'families';
            push({ grouping, families: readPush(exposition(pusher)), replaces });
          } else if (one.does === 'delete') {
            // After DELETE, the next push counts as a restart.
            store(state.delete(grouping));
            Object.assign(pusher, { counted: [0, 0], pushed: [0, 0], pushedAt: undefined, gauge: 0 });
          } else if (one.does === 'restart') {
            // The hub detects a restart by lower numbers, so the restarted pusher first pushes zero.
            Object.assign(pusher, { counted: [0, 0], pushed: [0, 0], gauge: 0 });
            if (pusher.pushedAt === undefined) continue;
            pusher.pushedAt = now;
            push({ grouping, families: readPush(exposition(pusher)), replaces: 'group' });
          } else if (one.does === 'wait') now += one.time;
          else if (one.does === 'compact') lines = [...snapshotLines(state.store)];
          else if (one.does === 'undo') {
            const before = sumsOfStore(state.store);
            const { series, bytes } = state.store;
            const failed = WHO.map((name) => {
              const grouping = readGrouping(`/metrics/job/j/instance/${name}x`);
              const families = readPush(exposition({ ...fresh(), counted: [9, 9] }));
              return state.push({ grouping, families, replaces: 'group', now, wall: 7 }).change;
            }).reverse();
            for (const change of failed) change.undo();
            for (const change of [...failed].reverse()) change.redo();
            for (const change of failed) change.undo();
            for (const change of failed) change.end();
            expect(sumsOfStore(state.store)).to.deep.equal(before);
            expect(state.store).to.include({ series, bytes });
          } else {
            state = new HubState(limits);
            const reader = new LineReader(state.store);
            for (const line of lines.flatMap((text) => text.split('\n'))) reader.read(line);
            reader.finish();
          }
          state.expire(now);
          const low = pushers.reduce((sum, { received }) => sum + received[0], 0);
          const high = pushers.reduce((sum, { received }) => sum + received[1], 0);
          const live = pushers.filter(({ pushedAt }) => pushedAt !== undefined && now - pushedAt <= EXPIRE);
          const sums = sumsOfStore(state.store);
          expect(sums.h ?? [0, 0, 0]).to.deep.equal([low, high, low + high * 2]);
          expect(sums['c_total{kind="low"}'] ?? [0]).to.deep.equal([low]);
          const [tenths = 0] = sums['c_total{kind="high"}'] ?? [];
          expect(tenths).to.be.closeTo(high / 10, 1e-9);
          expect(tenths).to.be.at.least(before[1] ?? 0);
          before = [low, tenths];
          expect('g' in sums).to.equal(live.length > 0);
        }
      }),
      {
        numRuns: 300,
        examples: [
          // A push that is undone at the time of the expiry must not delay the expiry.
          [[{ does: 'put', who: 0 }, { does: 'wait', time: 10 }, { does: 'undo' }, { does: 'wait', time: 1 }]],
        ],
      },
    );
  });
});
