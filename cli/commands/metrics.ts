import { readOllamaResidency } from '../../lib/models/ollama-residency.js';
import { getMetricsCollector } from '../../lib/shared-collector.js';
import type { CommandContext } from '../command-context.js';
import { serveMetrics } from '../serve-metrics.js';
import { watchResidency } from '../watch-residency.js';

/** Options of `tinyllm metrics`. */
export interface MetricsCommandOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** Seconds between two looks at which models Ollama holds in memory; default 5. */
  readonly residencySeconds?: number;
}

/** How long Ollama may take to say which models it holds in memory, in milliseconds. */
const answerWithin = 2000;

/**
 * Serves this process's metrics until its signal is aborted, among them which models Ollama holds in memory.
 *
 * Throws a `ListenError` when the address cannot be listened on.
 */
export async function metrics(options: MetricsCommandOptions, context: CommandContext): Promise<void> {
  const { port, host, residencySeconds: seconds = 5 } = options;
  const { signal } = context;
  const collector = getMetricsCollector();
  await serveMetrics({ port, host, until: 'Ctrl-C' }, context);
  await watchResidency({
    read: () => readOllamaResidency({ signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithin)]) }),
    report: (residency) => collector.updateModelResidency(residency),
    seconds,
    signal,
  });
}
