import { expect } from 'chai';
import { type ClockStamp, HubClock } from '../../../lib/hub/storage/hub-clock.js';

/** Clocks 100 s after the boot with the ID `boot`, at a wall-clock time in seconds. */
function clocks(wall: number, { boot = 'a', uptime = 100 }: { boot?: string | undefined; uptime?: number } = {}) {
  const time = { wall: wall * 1000, monotonic: 5_000 };
  const clock = new HubClock({
    wall: () => time.wall,
    monotonic: () => time.monotonic,
    sinceBoot: () => ({ uptime: uptime * 1000, boot }),
  });
  return { clock, time };
}

describe('HubClock', () => {
  const created: ClockStamp = { clock: 50_000, wall: 1_000_000, uptime: 100_000, boot: 'a' };

  it('follows the monotonic clock, not the wall clock', () => {
    const { clock, time } = clocks(1_000);
    const start = clock.now();
    time.wall -= 1e9;
    time.monotonic += 7;
    expect(clock.now() - start).to.equal(7);
  });

  it('advances by the uptime when the hub restarts, independently of the wall clock', () => {
    for (const wall of [0, 1_000, 9_999_999]) {
      const { clock } = clocks(wall, { uptime: 130 });
      clock.continueFrom(created, { clock: 60_000, wall: 1_010_000 });
      expect(clock.now()).to.equal(80_000);
    }
  });

  it('advances by the wall clock after a reboot, and never goes back', () => {
    const after = clocks(1_025, { boot: 'b', uptime: 3 }).clock;
    after.continueFrom(created, { clock: 60_000, wall: 1_010_000 });
    expect(after.now()).to.equal(75_000);
    const setBack = clocks(10, { boot: 'b', uptime: 3 }).clock;
    setBack.continueFrom(created, { clock: 60_000, wall: 1_010_000 });
    expect(setBack.now()).to.equal(60_000);
    const unknown = clocks(1_025, { boot: undefined }).clock;
    unknown.continueFrom({ clock: 50_000, wall: 1_000_000 });
    expect(unknown.now()).to.equal(75_000);
  });
});
