import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** What the clocks showed at one moment. All in milliseconds. */
export interface ClockStamp {
  /** The hub's clock. */
  readonly clock: number;
  /** Since 1970. */
  readonly wall: number;
  /** Since the start of the system, and the identity of that start, if they are known. */
  readonly uptime?: number | undefined;
  readonly boot?: string | undefined;
}

/** The clocks of the system. */
export interface SystemClocks {
  /** Unix milliseconds. */
  readonly wall: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
  /** Milliseconds since the start of the system, and the identity of that start. */
  readonly sinceBoot: () => Pick<ClockStamp, 'uptime' | 'boot'>;
}

/** The system's clocks. */
export const systemClocks: SystemClocks = {
  wall: Date.now,
  monotonic: () => performance.now(),
  sinceBoot: () => {
    try {
      return { uptime: uptime() * 1000, boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() };
    } catch {
      return {};
    }
  },
};

/**
 * A clock for ages that never jumps, also over restarts of the hub.
 *
 * While the hub runs, the clock follows a monotonic one. Over a restart it advances by the system's uptime, or after a
 * restart of the system by the difference in wall-clock time, if that is positive.
 */
export class HubClock {
  readonly #clocks: SystemClocks;
  #offset: number;

  constructor(clocks: SystemClocks) {
    this.#clocks = clocks;
    this.#offset = clocks.wall() - clocks.monotonic();
  }

  /** Milliseconds. Only differences have a meaning. */
  now(): number {
    return this.#offset + this.#clocks.monotonic();
  }

  /** Unix milliseconds. */
  wall(): number {
    return this.#clocks.wall();
  }

  /** The clocks at this moment. */
  stamp(): ClockStamp {
    return { clock: this.now(), wall: this.wall(), ...this.#clocks.sinceBoot() };
  }

  /** Continues the clock of a file. `created` is its stamp of the creation, `latest` that of its last push. */
  continueFrom(created: ClockStamp, latest: Pick<ClockStamp, 'clock' | 'wall'> = created): void {
    const { uptime: now, boot } = this.#clocks.sinceBoot();
    const isSameBoot = boot !== undefined && boot === created.boot && now !== undefined && created.uptime !== undefined;
    const clock = isSameBoot
      ? created.clock + Math.max(0, now - (created.uptime ?? 0))
      : latest.clock + Math.max(0, this.wall() - latest.wall);
    this.#offset = Math.max(clock, latest.clock) - this.#clocks.monotonic();
  }
}
