import type { HubFileError } from '../errors/hub-errors.js';
import { readGrouping } from '../pushes/grouping-key.js';
import { OperationQueue } from '../pushes/operation-queue.js';
import { pushFormat } from '../pushes/push-format.js';
import { rejectAt } from '../pushes/push-refused.js';
import type { FamilyShape, PushedFamily } from '../pushes/pushed-family.js';
import { readPushInSteps } from '../pushes/read-push.js';
import { runInSlices } from '../pushes/sliced-work.js';
import { HubClock, systemClocks } from '../storage/hub-clock.js';
import { HubJournal } from '../storage/hub-journal.js';
import type { HubFiles } from '../storage/journal-file.js';
import { HubState, type Pushed } from '../sums/hub-state.js';
import { type SummedFamily, sumFamilies } from '../sums/hub-sums.js';
import type { StateChange } from '../sums/state-change.js';

/** Options for a hub. */
export interface HubOptions {
  /** Seconds without a push after which the gauges of a pusher are dropped; default 300. `Infinity` disables this. */
  readonly expireSeconds?: number;
  /** Maximum size of a push over HTTP in bytes, before and after decompression; default 4 MiB. */
  readonly maxPushBytes?: number;
  /** The file that stores the state of the hub; by default, the state is only in memory. */
  readonly persistenceFile?: string;
  /** Maximum number of pushers; default 10,000. Expired pushers with at most 2,000 series don't count. */
  readonly maxGroups?: number;
  /**
   * Maximum number of series: the totals, and the last values of the pushers that count toward `maxGroups`; default
   * 200,000.
   */
  readonly maxSeries?: number;
  /**
   * Maximum bytes of names, labels, help texts and numbers; default 256 MiB. The name and labels of a series count once
   * for each line that the series has in a scrape. Expired pushers count, too.
   */
  readonly maxStateBytes?: number;
  /** Returns the metrics of the hub's own process. Pushes must have the same types and buckets. None by default. */
  readonly own?: () => Iterable<FamilyShape>;
  /** Returns Unix milliseconds; default the system clock. */
  readonly now?: () => number;
  /**
   * Returns the milliseconds of a monotonic clock, for durations; default `now` if set, else the system's monotonic
   * clock.
   */
  readonly monotonicNow?: () => number;
  /**
   * Minimum bytes of changes before a new snapshot is written; default 4 MiB. If the last snapshot was larger, its size
   * is the minimum.
   */
  readonly compactionBytes?: number;
  /** File operations; default those of Node. For tests. */
  readonly files?: HubFiles;
}

/** A push. */
export interface HubPush {
  /** The path: `/metrics/job/JOB{/LABEL/VALUE}`. */
  readonly path: string;
  /** The body, not compressed. A string is encoded as UTF-8. */
  readonly text: string | Uint8Array;
  /** The Content-Type header, which selects the format of the body; default the text format. */
  readonly contentType?: string | undefined;
  /** Whether the push replaces all metrics of its pusher (PUT), or only those in the body (POST). */
  readonly replaces: 'group' | 'families';
}

const MEBIBYTE = 1_048_576;
/** Maximum characters of a metric name. */
const MAX_NAME_CHARACTERS = 1_024;
/** Maximum characters of a HELP text. */
const MAX_HELP_CHARACTERS = 16 * 1024;
/** Maximum characters of all label names and values of a series. */
const MAX_LABEL_CHARACTERS = 16 * 1024;
/** Maximum notes about dropped totals in a response. */
const MAX_DROPPED_NOTES = 10;

/**
 * Accepts pushes of Prometheus clients and sums them.
 *
 * Counters, histograms and summaries are added over all pushers, including ended ones. Gauges are combined over live
 * pushers. A persistence file contains everything that was acknowledged or exported.
 */
export class Hub {
  readonly maxPushBytes: number;
  readonly #clock: HubClock;
  readonly #state: HubState;
  readonly #maxSeries: number;
  /** Reads one push at a time, to limit memory. */
  readonly #queue = new OperationQueue();
  #journal: HubJournal | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: HubOptions) {
    const { expireSeconds = 300, maxGroups = 10_000, maxSeries = 200_000, maxStateBytes = 256 * MEBIBYTE } = options;
    const { now, monotonicNow = now, maxPushBytes = 4 * MEBIBYTE } = options;
    this.maxPushBytes = maxPushBytes;
    this.#maxSeries = maxSeries;
    this.#clock = new HubClock({
      wall: now ?? systemClocks.wall,
      monotonic: monotonicNow ?? systemClocks.monotonic,
      sinceBoot: monotonicNow === undefined ? systemClocks.sinceBoot : () => ({}),
    });
    const limits = { expireMilliseconds: expireSeconds * 1000, maxGroups, maxSeries, maxBytes: maxStateBytes };
    this.#state = new HubState(limits, options.own);
  }

  /**
   * Opens a hub and loads its persistence file.
   *
   * @throws {HubFileError} if the file is in use, damaged, not the file of a hub, or can't be read or written.
   */
  static async open(options: HubOptions = {}): Promise<Hub> {
    const hub = new Hub(options);
    if (options.persistenceFile !== undefined) {
      const { persistenceFile, files, compactionBytes } = options;
      const journal = { store: hub.#state.store, clock: hub.#clock, files, compactionBytes };
      hub.#journal = await HubJournal.open(persistenceFile, journal);
    }
    return hub;
  }

  /** Why pushes can't be stored at the moment; `undefined` if they can. */
  get problem(): HubFileError | undefined {
    return this.#journal?.problem;
  }

  /**
   * Counts a push. Resolves when it is stored.
   *
   * Returns notes about values that were accepted, but ignored or corrected, such as a counter that is NaN. Other notes
   * are about stored metrics that the push replaced and whose totals were dropped. At most 22 notes.
   *
   * @throws {PushRefused} if the push is rejected. With status 409, the metrics without a conflict are counted;
   *   otherwise nothing is counted.
   * @throws {HubFileError} if the push can't be stored. Then nothing is counted.
   */
  async push({ path, text, contentType, replaces }: HubPush): Promise<readonly string[]> {
    const grouping = readGrouping(path);
    const options = {
      format: pushFormat(contentType),
      grouping: new Set(grouping.labels.map(([name]) => name)),
      maxSeries: this.#maxSeries,
    };
    const { families, notes, pushed, stored } = await this.#queue.run(async () => {
      const { families, notes } = await runInSlices(readPushInSteps(bufferOf(text), options));
      checkTextLengths(families);
      const times = { now: this.#clock.now(), wall: this.#clock.wall() };
      const pushed = this.#state.push({ grouping, families, replaces, ...times });
      // Don't wait for the disk here. The queue can then apply the next push during the write, and one later write
      // stores all changes that arrived meanwhile.
      return { families, notes, pushed, stored: this.#commit(pushed.change) };
    });
    await stored;
    rejectDisagreement(pushed, families.length);
    return [...notes.map((note) => `accepted; ${note}`), ...droppedTotals(pushed)];
  }

  /**
   * Marks a pusher as ended: its counts stay in the totals, and its gauges are removed.
   *
   * @throws {PushRefused} if the path is malformed.
   * @throws {HubFileError} if the change can't be stored.
   */
  async delete(path: string): Promise<void> {
    const grouping = readGrouping(path);
    const { stored } = await this.#queue.run(() => ({ stored: this.#commit(this.#state.delete(grouping)) }));
    await stored;
  }

  /** Returns the sums of all stored pushes. Doesn't wait for the disk, and works even if nothing can be stored. */
  async sums(): Promise<readonly SummedFamily[]> {
    // Expire pushers first. `HubJournal.read` undoes the pending changes for a moment, and it could not redo them if
    // pushers expired meanwhile.
    this.#state.expire(this.#clock.now());
    const sum = (): SummedFamily[] => sumFamilies(this.#state.store);
    return this.#journal === undefined ? sum() : this.#journal.read(sum);
  }

  /** Releases the persistence file. Further calls return the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.#journal?.close() ?? Promise.resolve();
    return this.#closing;
  }

  async #commit(change: StateChange): Promise<void> {
    if (this.#journal !== undefined) await this.#journal.commit(change);
    else change.end();
  }
}

/** Notes on the metrics whose totals were dropped. */
function droppedTotals({ replaced }: Pushed): readonly string[] {
  const dropped = replaced.filter(({ totals }) => totals.size > 0);
  const notes = dropped
    .slice(0, MAX_DROPPED_NOTES)
    .map(
      ({ name, type, totals }) =>
        `accepted; the stored ${type} ${name} had another type, other buckets or conflicting sample names, so its totals were dropped (${totals.size} series)`,
    );
  const more = dropped.length - notes.length;
  return more > 0 ? [...notes, `accepted; stored metrics whose totals were also dropped: ${more}`] : notes;
}

function rejectDisagreement({ refused }: Pushed, families: number): void {
  const [first] = refused;
  if (first === undefined) return;
  const more = refused.length === 1 ? '' : ` (rejected metrics: ${refused.length})`;
  const rest = refused.length === families ? '' : '; the other metrics of the push are counted';
  rejectAt(409, first.family.place ?? first.family.line, `${first.problem}${more}${rest}`);
}

function checkTextLengths(families: readonly PushedFamily[]): void {
  for (const { name, help, line, place = line, series } of families) {
    const check = (what: string, { length }: string, limit: number): void => {
      if (length <= limit) return;
      const start = name.slice(0, 80);
      rejectAt(413, place, `${what} ${start} has ${length} characters; expected at most ${limit}`);
    };
    check('the name', name, MAX_NAME_CHARACTERS);
    check('the HELP of', help, MAX_HELP_CHARACTERS);
    for (const { labelText } of series.values()) check('the labels of a series of', labelText, MAX_LABEL_CHARACTERS);
  }
}

/** Converts to a buffer. Copies only strings. */
function bufferOf(text: string | Uint8Array): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
}
