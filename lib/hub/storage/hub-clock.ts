import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** The times of all clocks at one moment, in milliseconds. */
export interface ClockStamp {
  /** The clock of the hub. */
  readonly clock: number;
  /** Unix milliseconds. */
  readonly wall: number;
  /** Milliseconds since the boot of the system, if known. */
  readonly uptime?: number | undefined;
  /** The ID of the boot, if known. */
  readonly boot?: string | undefined;
}

/** The clocks of the system. */
export interface SystemClocks {
  /** Unix milliseconds. */
  readonly wall: () => number;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic: () => number;
  /** Milliseconds since the boot of the system, and the ID of the boot. */
  readonly sinceBoot: () => Pick<ClockStamp, 'uptime' | 'boot'>;
}

/** The clocks of this system. */
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
 * A clock for measuring durations, which continues when the hub restarts.
 *
 * While the hub runs, this clock follows a monotonic clock. When the hub restarts, this clock advances by the
 * difference in system uptime. After a reboot, or if the boot is unknown, this clock advances by the difference in
 * wall-clock time, if that difference is positive.
 */
export class HubClock {
  readonly #clocks: SystemClocks;
  #offset: number;

  constructor(clocks: SystemClocks) {
    this.#clocks = clocks;
    this.#offset = clocks.wall() - clocks.monotonic();
  }

  /** Milliseconds. Only differences are meaningful. */
  now(): number {
    return this.#offset + this.#clocks.monotonic();
  }

  /** Unix milliseconds. */
  wall(): number {
    return this.#clocks.wall();
  }

  /** The current times of all clocks. */
  stamp(): ClockStamp {
    return { clock: this.now(), wall: this.wall(), ...this.#clocks.sinceBoot() };
  }

  /** Continues the clock of a file. `created` is the stamp of the file's creation, `latest` that of its last push. */
  continueFrom(created: ClockStamp, latest: Pick<ClockStamp, 'clock' | 'wall'> = created): void {
    const { uptime: now, boot } = this.#clocks.sinceBoot();
    const isSameBoot = boot !== undefined && boot === created.boot && now !== undefined && created.uptime !== undefined;
    const clock = isSameBoot
      ? created.clock + Math.max(0, now - (created.uptime ?? 0))
      : latest.clock + Math.max(0, this.wall() - latest.wall);
    this.#offset = Math.max(clock, latest.clock) - this.#clocks.monotonic();
  }
}
