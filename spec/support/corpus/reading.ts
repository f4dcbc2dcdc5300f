import { registry } from '../../../lib/core/index.js';
import type { CorpusCase } from './corpus-case.js';

/** The metrics of one request. A count that was not recorded is undefined. */
export interface Reading {
  readonly requests: number;
  readonly active: number;
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  readonly reasoningOutput: number;
  readonly finishReason: string;
  readonly errorType: string;
  /**
   * The index of the chunk with which the first output was recorded. Undefined if the reader cannot step through
   * chunks.
   */
  readonly firstOutput?: number | 'none' | undefined;
  readonly instrumentationErrors: number;
}

interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly metricName?: string;
}

interface Readable {
  get(): Promise<{ readonly values: readonly Sample[] }>;
}

/** Resets all metrics, so that the next reading contains only the next request. */
export function beginReading(): void {
  registry.resetMetrics();
}

/** Reads the metrics of the request since `beginReading`. */
export async function takeReading(): Promise<Reading> {
  const input = await total('tinyllm_request_input_tokens', '_count');
  const output = await total('tinyllm_request_output_tokens', '_count');
  return {
    requests: await total('tinyllm_requests_total'),
    active: await total('tinyllm_active_requests'),
    input: input === 0 ? undefined : await total('tinyllm_tokens_input_total'),
    output: output === 0 ? undefined : await total('tinyllm_tokens_output_total'),
    cachedInput: await total('tinyllm_tokens_cached_input_total'),
    cacheWrite: await total('tinyllm_tokens_cache_write_total'),
    reasoningOutput: await total('tinyllm_tokens_reasoning_output_total'),
    finishReason: await labels('tinyllm_requests_finished_total', 'finish_reason'),
    errorType: await labels('tinyllm_errors_total', 'error_type'),
    instrumentationErrors: await total('tinyllm_instrumentation_errors_total'),
  };
}

/** The number of first outputs recorded so far. */
export function firstOutputs(): Promise<number> {
  return total('tinyllm_time_to_first_token_seconds', '_count');
}

async function samplesOf(name: string): Promise<readonly Sample[]> {
  const metric = registry.getSingleMetric(name) as unknown as Readable | undefined;
  return metric === undefined ? [] : (await metric.get()).values;
}

async function total(name: string, suffix = ''): Promise<number> {
  const samples = await samplesOf(name);
  return samples
    .filter(({ metricName }) => suffix === '' || metricName === `${name}${suffix}`)
    .reduce((sum, { value }) => sum + value, 0);
}

async function labels(name: string, label: string): Promise<string> {
  const counted = (await samplesOf(name)).filter(({ value }) => value > 0);
  return counted.map((sample) => String(sample.labels[label])).join(', ');
}

/** The facts that a reader can't read. The comparison ignores them. */
export interface Blindness {
  /** The client throws its own error class and stops reading at an error. */
  readonly errors?: boolean | undefined;
  /** The reader doesn't learn about cached, written and reasoning tokens. */
  readonly details?: boolean | undefined;
}

/** The differences between a reading and the expected one. Empty if the reading is correct. */
export function differences({ expected, chunks }: CorpusCase, reading: Reading, blind: Blindness = {}): string[] {
  const isError = expected.error !== undefined;
  const compared: [what: string, read: unknown, correct: unknown][] = [
    ['requests', reading.requests, 1],
    ['active requests', reading.active, 0],
    ['finish reason', reading.finishReason, expected.finishReason],
  ];
  if (!(isError && blind.errors)) {
    compared.push(
      ['input', reading.input, expected.input],
      ['output', reading.output, expected.output],
      ['error type', reading.errorType, expected.error ?? ''],
      ['instrumentation errors', reading.instrumentationErrors, 0],
    );
    if (!blind.details) {
      compared.push(
        ['cached input', reading.cachedInput, expected.cachedInput ?? 0],
        ['cache write', reading.cacheWrite, expected.cacheWrite ?? 0],
        ['reasoning output', reading.reasoningOutput, expected.reasoningOutput ?? 0],
      );
    }
  }
  if (chunks !== undefined && reading.firstOutput !== undefined) {
    compared.push(['first output', reading.firstOutput, expected.firstOutput ?? 'none']);
  }
  return compared.flatMap(([what, read, correct]) =>
    read === correct ? [] : [`${what} is ${String(read)}, expected ${String(correct)}`],
  );
}
