import type { Grouping } from '../pushes/grouping-key.js';
import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type PushedFamily, type PushedSeries } from '../pushes/pushed-family.js';

/** The series of one metric as a pusher last pushed them, by key. */
export type LastPushed = ReadonlyMap<string, PushedSeries>;

/** What the hub remembers of one pusher. */
export class PushGroup {
  /** Unix milliseconds of the last push. */
  pushedAt = 0;
  /** Unix seconds at which the pusher's process started, if it says so. */
  processStart: number | undefined;
  /** Whether its gauges have been dropped because it was silent. */
  expired = false;
  /** What is written of it to a file, while it is true. */
  written: string | undefined;

  readonly #families = new Map<string, LastPushed>();
  #size = 0;

  constructor(readonly grouping: Grouping) {}

  get families(): ReadonlyMap<string, LastPushed> {
    return this.#families;
  }

  /** How many series it holds. */
  get size(): number {
    return this.#size;
  }

  /** Keeps a pushed metric in place of what was there under its name. */
  keep({ name, type, series }: Pick<PushedFamily, 'name' | 'type' | 'series'>): void {
    this.#set(name, accumulates(type) ? new Map([...this.#dated(name), ...series]) : series);
  }

  /** Takes a metric away; of one that accumulates the dated series stay. */
  drop(name: string, isAccumulating: boolean): void {
    this.#set(name, new Map(isAccumulating ? this.#dated(name) : []));
  }

  /** Forgets everything it pushed, as if it had begun again. */
  clear(): void {
    for (const name of [...this.#families.keys()]) this.#set(name, new Map());
  }

  /** Drops what lives only as long as the pusher does: gauges, and the quantiles of summaries. */
  expire(typeOf: (name: string) => TextType): void {
    for (const [name, series] of [...this.#families]) {
      const type = typeOf(name);
      if (!accumulates(type)) this.#set(name, new Map());
      else if (type === 'summary') {
        this.#set(name, new Map([...series].map(([key, one]) => [key, { ...one, quantiles: new Map() }])));
      }
    }
    this.expired = true;
    this.written = undefined;
  }

  #set(name: string, series: LastPushed): void {
    this.#size += series.size - (this.#families.get(name)?.size ?? 0);
    if (series.size === 0) this.#families.delete(name);
    else this.#families.set(name, series);
  }

  /**
   * Series that say when they were created. When one of them comes back after it was left out, it can be told
   * whether it went on or began again; any other that was left out has begun again.
   */
  #dated(name: string): readonly (readonly [string, PushedSeries])[] {
    return [...(this.#families.get(name) ?? [])].filter(([, { created }]) => created !== undefined);
  }
}
