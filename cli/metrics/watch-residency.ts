import { setTimeout as wait } from 'node:timers/promises';
import type { ResidentModel } from '@tinyllm/executor/servers';
import type { ModelResidency } from 'tinyllm';

/** How to read and report the models in memory. */
export interface ResidencyWatchOptions {
  /** Reads which models are in memory. The signal aborts the read. If it throws, no model counts as loaded. */
  readonly read: (signal: AbortSignal) => Promise<readonly ResidentModel[]>;
  /** Called for each model after each read. Errors it throws are ignored. */
  readonly report: (residency: ModelResidency) => void;
  /** Called after each read, when all its models have been reported. */
  readonly onPolled?: ((succeeded: boolean) => void) | undefined;
  /** Time between two reads, in seconds. */
  readonly seconds: number;
  /** Timeout of a read in milliseconds. Default 2000. */
  readonly readTimeout?: number;
  /** Stops the polling. The promise then resolves. */
  readonly signal: AbortSignal;
}

/**
 * Polls which models are in memory, and reports each of them. A model that was unloaded is reported once as not loaded.
 *
 * Errors of `report` are ignored, so that an invalid entry of one model does not stop the reports of the others.
 */
export async function watchResidency(options: ResidencyWatchOptions): Promise<void> {
  const { report, seconds, signal } = options;
  const reportSafely = (residency: ModelResidency): void => {
    try {
      report(residency);
    } catch {
      // The next read may be valid.
    }
  };
  let known: ReadonlySet<string> = new Set();
  while (!signal.aborted) {
    const read = await readWithTimeout(options).catch(() => undefined);
    const resident = read ?? [];
    const now = new Set(resident.map(({ model }) => model));
    for (const model of resident) reportSafely({ ...model, loaded: true });
    for (const model of known) {
      if (!now.has(model)) reportSafely({ model, loaded: false });
    }
    known = now;
    options.onPolled?.(read !== undefined);
    await wait(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** Doesn't use `AbortSignal.timeout`, because its signal can be garbage-collected before the timeout. */
async function readWithTimeout({
  read,
  readTimeout = 2000,
  signal,
}: ResidencyWatchOptions): Promise<readonly ResidentModel[]> {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  const timer = setTimeout(end, readTimeout);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await read(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
