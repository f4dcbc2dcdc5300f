import type { HubFileError } from '../errors/hub-errors.js';
import { readGrouping } from '../pushes/grouping-key.js';
import { runPaced } from '../pushes/paced.js';
import { pushFormat } from '../pushes/push-format.js';
import { refuseAt } from '../pushes/push-refused.js';
import type { FamilyShape, PushedFamily } from '../pushes/pushed-family.js';
import { readPushInSteps } from '../pushes/read-push.js';
import { Turns } from '../pushes/turns.js';
import { HubClock, systemClocks } from '../storage/hub-clock.js';
import { HubJournal } from '../storage/hub-journal.js';
import type { HubFiles } from '../storage/journal-file.js';
import { HubState, type Pushed } from '../sums/hub-state.js';
import { type SummedFamily, sumFamilies } from '../sums/hub-sums.js';
import type { StateChange } from '../sums/state-change.js';

/** How a hub is set up. */
export interface HubOptions {
  /** Seconds of silence after which a pusher's gauges are dropped; `Infinity` for never, default 300. */
  readonly expireSeconds?: number;
  /** Largest pushed text in bytes, after decompression; default 4 MiB. */
  readonly maxPushBytes?: number;
  /** Where to store what was pushed; by default nowhere. */
  readonly persistenceFile?: string;
  /** Pushers at a time, without silent ones that have no gauges; default 10,000. */
  readonly maxGroups?: number;
  /** Series at a time: totals, and the last values of each pusher that is not silent; default 200,000. */
  readonly maxSeries?: number;
  /**
   * Bytes of names, labels, help texts and numbers at a time; default 256 MiB. The name and labels of a series count for each
   * of its lines in a scrape. Silent pushers count as well.
   */
  readonly maxStateBytes?: number;
  /** The metrics of the hub's own process, which pushes must agree with; none by default. */
  readonly own?: () => Iterable<FamilyShape>;
  /** Unix milliseconds; default the system's clock. */
  readonly now?: () => number;
  /** Milliseconds of a clock that never jumps, for ages; default `now` if it is given, else the system's monotonic clock. */
  readonly monotonicNow?: () => number;
  /** Bytes of pushes after which a new snapshot is written, unless the last one was larger; default 4 MiB. */
  readonly compactionBytes?: number;
  /** File operations; default those of Node. For tests. */
  readonly files?: HubFiles;
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
/** Characters of a metric's name. */
const MOST_NAME = 1_024;
/** Characters of a HELP text. */
const MOST_HELP = 16 * 1024;
/** Characters of the names and values of all labels of a series. */
const MOST_LABELS = 16 * 1024;
/** The most notes on dropped totals in a response. */
const MOST_DROPPED_NOTES = 10;

/**
 * Accepts what Prometheus clients push, and sums it.
 *
 * Counters, histograms and summaries are added over all pushers, also those that ended; gauges over live pushers.
 * With a persistence file, everything that was acknowledged or exported is in it.
 */
export class Hub {
  readonly maxPushBytes: number;
  readonly #clock: HubClock;
  readonly #state: HubState;
  readonly #maxSeries: number;
  /** Of all waiting pushes, only one is being read, so that the parts of only one are in memory. */
  readonly #turns = new Turns();
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
   * Sets up a hub with the content of its persistence file.
   *
   * @throws {HubFileError} if the file is in use, damaged, not a hub's, or can't be read or written.
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

  /** Why pushes can't be stored at the moment; undefined if they can. */
  get problem(): HubFileError | undefined {
    return this.#journal?.problem;
  }

  /**
   * Counts a push. Resolves after it is stored.
   *
   * Returns notes on values that were accepted but can't be added, such as a counter that is NaN, and on totals that were
   * dropped because their metric changed its type: at most 22 sentences.
   *
   * @throws {PushRefused} if it is refused. With status 409, the metrics that agree are counted; otherwise nothing is.
   * @throws {HubFileError} if it can't be stored. Then nothing of it is counted.
   */
  async push({ path, text, contentType, replaces }: HubPush): Promise<readonly string[]> {
    const grouping = readGrouping(path);
    const options = {
      format: pushFormat(contentType),
      grouping: new Set(grouping.labels.map(([name]) => name)),
      mostSeries: this.#maxSeries,
    };
    const { families, notes, pushed, stored } = await this.#turns.take(async () => {
      const { families, notes } = await runPaced(readPushInSteps(bufferOf(text), options));
      refuseLongTexts(families);
      const times = { now: this.#clock.now(), wall: this.#clock.wall() };
      const pushed = this.#state.push({ grouping, families, replaces, ...times });
      // The next turn doesn't wait for the disk: changes that arrive during a write share the next one.
      return { families, notes, pushed, stored: this.#commit(pushed.change) };
    });
    await stored;
    refuseDisagreement(pushed, families.length);
    return [...notes.map((note) => `accepted, but not added: ${note}`), ...droppedTotals(pushed)];
  }

  /**
   * Takes a pusher for ended: its counts stay, its gauges go.
   *
   * @throws {PushRefused} if the path is malformed.
   * @throws {HubFileError} if it can't be stored.
   */
  async delete(path: string): Promise<void> {
    const grouping = readGrouping(path);
    const { stored } = await this.#turns.take(() => ({ stored: this.#commit(this.#state.delete(grouping)) }));
    await stored;
  }

  /** The sums of all pushes that are stored. Doesn't wait for the disk, and works while nothing can be stored. */
  async sums(): Promise<readonly SummedFamily[]> {
    // Not while pending changes are taken back: making them again would not fit.
    this.#state.expire(this.#clock.now());
    const read = (): SummedFamily[] => sumFamilies(this.#state.store);
    return this.#journal === undefined ? read() : this.#journal.read(read);
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
    .slice(0, MOST_DROPPED_NOTES)
    .map(({ name, type, totals }) => `accepted; the old type of ${name} was ${type}: dropped totals: ${totals.size}`);
  const more = dropped.length - notes.length;
  return more > 0 ? [...notes, `and ${more} more`] : notes;
}

function refuseDisagreement({ refused }: Pushed, families: number): void {
  const [first] = refused;
  if (first === undefined) return;
  const more = refused.length === 1 ? '' : ` (refused metrics: ${refused.length})`;
  const rest = refused.length === families ? '' : '; the other metrics of the push are counted';
  refuseAt(409, first.family.place ?? first.family.line, `${first.problem}${more}${rest}`);
}

function refuseLongTexts(families: readonly PushedFamily[]): void {
  for (const { name, help, line, place = line, series } of families) {
    const check = (what: string, { length }: string, most: number): void => {
      if (length <= most) return;
      const start = name.slice(0, 80);
      refuseAt(413, place, `${what} ${start} takes ${length} characters; expected at most ${most}`);
    };
    check('the name', name, MOST_NAME);
    check('the HELP of', help, MOST_HELP);
    for (const { labelText } of series.values()) check('the labels of a series of', labelText, MOST_LABELS);
  }
}

/** Without a copy, unless it is a string. */
function bufferOf(text: string | Uint8Array): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
}
