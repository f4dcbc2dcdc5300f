import { readGrouping } from '../pushes/grouping-key.js';
import type { FamilyShape } from '../pushes/pushed-family.js';
import { readPush } from '../pushes/read-push.js';
import { HubFile } from '../storage/hub-file.js';
import { readSnapshot, writeSnapshot } from '../storage/hub-snapshot.js';
import { HubState } from '../sums/hub-state.js';
import { type SummedFamily, sumFamilies } from '../sums/hub-sums.js';

/** How a hub is set up. */
export interface HubOptions {
  /** Seconds of silence after which a pusher's gauges are dropped; `Infinity` for never, default 300. */
  readonly expireSeconds?: number;
  /** Largest pushed text in bytes, after decompression; default 4 MiB. */
  readonly maxPushBytes?: number;
  /** Where to keep what was pushed; by default nowhere. */
  readonly persistenceFile?: string;
  /** Pushers remembered at a time; default 10,000. */
  readonly maxGroups?: number;
  /** Series remembered at a time, over all pushers; default 200,000. */
  readonly maxSeries?: number;
  /** The metrics of the hub's own process, which pushes must agree with; none by default. */
  readonly own?: () => Iterable<FamilyShape>;
  /** Unix milliseconds; default the system's clock. */
  readonly now?: () => number;
}

const MEBIBYTE = 1_048_576;

/**
 * Takes what Prometheus clients push and holds its sums.
 *
 * Counters, histograms and summaries are added up over all pushers there ever were; gauges over those that live.
 * Whatever has been acknowledged or served is in the persistence file, if there is one.
 */
export class Hub {
  readonly maxPushBytes: number;
  readonly #now: () => number;
  readonly #state: HubState;
  #file: HubFile | undefined;

  private constructor({ expireSeconds = 300, maxGroups = 10_000, maxSeries = 200_000, ...options }: HubOptions) {
    this.maxPushBytes = options.maxPushBytes ?? 4 * MEBIBYTE;
    this.#now = options.now ?? Date.now;
    this.#state = new HubState({ expireMilliseconds: expireSeconds * 1000, maxGroups, maxSeries }, options.own);
  }

  /**
   * Sets up a hub with what its persistence file holds.
   *
   * @throws {HubFileError} when the file is in use, torn, of something else, or cannot be read or written.
   */
  static async open(options: HubOptions = {}): Promise<Hub> {
    const hub = new Hub(options);
    if (options.persistenceFile !== undefined) {
      hub.#file = await HubFile.open(options.persistenceFile, {
        restore: (lines) => readSnapshot(lines, hub.#state),
        lines: () => writeSnapshot(hub.#state),
      });
    }
    return hub;
  }

  /**
   * Counts a pushed text; resolves when it is kept.
   *
   * @throws {PushRefused} when it is refused, and then nothing of it counts.
   * @throws {HubFileError} when it cannot be kept.
   */
  async push({ path, text, replaces }: { path: string; text: string; replaces: 'group' | 'families' }): Promise<void> {
    const grouping = readGrouping(path);
    const families = readPush(text, new Set(grouping.labels.map(([name]) => name)));
    this.#state.push({ grouping, families, replaces, now: this.#now() });
    await this.#file?.save();
  }

  /**
   * Takes a pusher for ended: its counts stay, its gauges go.
   *
   * @throws {PushRefused} when the path is malformed.
   * @throws {HubFileError} when it cannot be kept.
   */
  async delete(path: string): Promise<void> {
    this.#state.delete(readGrouping(path));
    await this.#file?.save();
  }

  /**
   * The sums as they are now; resolves when they are kept, so that no later sum is below one that was served.
   *
   * @throws {HubFileError} when they cannot be kept.
   */
  async sums(): Promise<readonly SummedFamily[]> {
    this.#state.expire(this.#now());
    const sums = sumFamilies(this.#state);
    await this.#file?.settled();
    return sums;
  }

  /** Lets go of the persistence file. */
  async close(): Promise<void> {
    await this.#file?.close();
  }
}
