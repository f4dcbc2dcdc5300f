import { isFields } from './usage.js';

/** What a provider itself measured of one request, in seconds; left out where it does not say. */
export interface ProviderTimings {
  readonly loadSeconds?: number | undefined;
  readonly outputSeconds?: number | undefined;
  /** From the start of a request to the first of its answer; read off a whole answer only. */
  readonly firstTokenSeconds?: number | undefined;
}

const NANOSECONDS = 1e9;

/** Reads the timings off a result, or a chunk of a stream: our own `timings`, or Ollama's durations in nanoseconds. */
export function timingsOf(result: unknown): ProviderTimings | undefined {
  if (!isFields(result)) return undefined;
  const { timings } = result;
  if (isFields(timings)) {
    return {
      loadSeconds: numberIn(timings.loadSeconds),
      outputSeconds: numberIn(timings.outputSeconds),
      firstTokenSeconds: numberIn(timings.firstTokenSeconds),
    };
  }
  const load = numberIn(result.load_duration);
  const output = numberIn(result.eval_duration);
  if (load === undefined && output === undefined) return undefined;
  return { loadSeconds: scaled(load), outputSeconds: scaled(output) };
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : undefined;
}

function scaled(nanoseconds: number | undefined): number | undefined {
  return nanoseconds === undefined ? undefined : nanoseconds / NANOSECONDS;
}
