import { readGrouping } from '../pushes/grouping-key.js';
import { runPaced } from '../pushes/paced.js';
import { pushFormat } from '../pushes/push-format.js';
import type { FamilyShape } from '../pushes/pushed-family.js';
import { readPushInSteps } from '../pushes/read-push.js';
import { HubFile } from '../storage/hub-file.js';
import { readSnapshot, writeSnapshot } from '../storage/hub-snapshot.js';
import { HubState } from '../sums/hub-state.js';
import { type SummedFamily, sumFamilies } from '../sums/hub-sums.js';
import { Turns } from './turns.js';

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

/** A push as it arrives. */
export interface HubPush {
  /** `/metrics/job/JOB{/LABEL/VALUE}`. */
  readonly path: string;
  /** The body, without compression. A string is UTF-8. */
  readonly text: string | Uint8Array;
  /** The Content-Type header, which selects the format of the body; default the text format. */
  readonly contentType?: string | undefined;
  /** Whether the push replaces all metrics of its pusher (PUT), or only those in the body (POST). */
  readonly replaces: 'group' | 'families';
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
  readonly #maxSeries: number;
  /** Of all waiting pushes, only one is being read, so that the parts of only one are in memory. */
  readonly #turns = new Turns();
  #file: HubFile | undefined;

  private constructor({ expireSeconds = 300, maxGroups = 10_000, maxSeries = 200_000, ...options }: HubOptions) {
    this.maxPushBytes = options.maxPushBytes ?? 4 * MEBIBYTE;
    this.#now = options.now ?? Date.now;
    this.#maxSeries = maxSeries;
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
   * Counts a push. Resolves after it is stored.
   *
   * Returns what was accepted but can't be added, such as a counter that is NaN: at most 11 sentences.
   *
   * @throws {PushRefused} if the push is refused. Then nothing of it counts.
   * @throws {HubFileError} if the push can't be stored.
   */
  async push({ path, text, contentType, replaces }: HubPush): Promise<readonly string[]> {
    const grouping = readGrouping(path);
    const options = {
      format: pushFormat(contentType),
      grouping: new Set(grouping.labels.map(([name]) => name)),
      mostSeries: this.#maxSeries,
    };
    const notes = await this.#turns.take(async () => {
      const read = await runPaced(readPushInSteps(bufferOf(text), options));
      this.#state.push({ grouping, families: read.families, replaces, now: this.#now() });
      return read.notes;
    });
    await this.#file?.save();
    return notes;
  }

  /**
   * Takes a pusher for ended: its counts stay, its gauges go.
   *
   * @throws {PushRefused} when the path is malformed.
   * @throws {HubFileError} when it cannot be kept.
   */
  async delete(path: string): Promise<void> {
    const grouping = readGrouping(path);
    await this.#turns.take(() => this.#state.delete(grouping));
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

/** Without a copy, unless it is a string. */
function bufferOf(text: string | Uint8Array): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
}
