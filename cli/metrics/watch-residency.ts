import { setTimeout as wait } from 'node:timers/promises';
import type { ResidentModel } from '@tinyllm/executor/servers';
import type { ModelResidency } from 'tinyllm';

/** What to watch, whom to tell, and for how long. */
export interface ResidencyWatchOptions {
  /** Reads which models are in memory now, until its signal; when it throws none is taken to be there. */
  readonly read: (signal: AbortSignal) => Promise<readonly ResidentModel[]>;
  readonly report: (residency: ModelResidency) => void;
  /** Called after the models of a read were reported, or that none is known after a read that failed. */
  readonly polled?: ((succeeded: boolean) => void) | undefined;
  /** Seconds between two reads. */
  readonly seconds: number;
  /** How long a read may take, in milliseconds; default 2000. */
  readonly readWithin?: number;
  /** Ends the watch, which then resolves. */
  readonly signal: AbortSignal;
}

/**
 * Reports again and again which models are in memory; one that has left is reported once more, as not loaded.
 *
 * What `report` throws is left at that: what a server says of one model must not end the watch of the others.
 */
export async function watchResidency(options: ResidencyWatchOptions): Promise<void> {
  const { report, seconds, signal } = options;
  const tell = (residency: ModelResidency): void => {
    try {
      report(residency);
    } catch {
      // The next reading may be one that can be reported.
    }
  };
  let known: ReadonlySet<string> = new Set();
  while (!signal.aborted) {
    const read = await readInTime(options).catch(() => undefined);
    const resident = read ?? [];
    const now = new Set(resident.map(({ model }) => model));
    for (const model of resident) tell({ ...model, loaded: true });
    for (const model of known) {
      if (!now.has(model)) tell({ model, loaded: false });
    }
    known = now;
    options.polled?.(read !== undefined);
    await wait(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** With a timer that holds its signal: one of `AbortSignal.timeout` can be garbage-collected before it is due. */
async function readInTime({
  read,
  readWithin = 2000,
  signal,
}: ResidencyWatchOptions): Promise<readonly ResidentModel[]> {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  const timer = setTimeout(end, readWithin);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await read(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
