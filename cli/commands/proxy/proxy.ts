import { once } from 'node:events';
import { observeExchanges, type RunningProxy, startProxy } from '@tinyllm/proxy';
import { getMetricsCollector, registry } from 'tinyllm';
import { ApiKeys, readApiKey } from 'tinyllm/server';
import type { CommandContext } from '../../command/command-context.js';
import type { ClientLabelSettings } from '../../flags/client-labels.js';
import type { MetricsServerOptions } from '../../flags/metrics-server.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { configureRecording } from '../../metrics/configure-recording.js';
import { noteDisabledMetrics } from '../../metrics/note-disabled-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import { warnOfNamelessKeys } from '../../metrics/warn-of-nameless-keys.js';
import { watchResidency } from '../../metrics/watch-residency.js';
import { readUpstreams } from './read-upstreams.js';

/** Options of `tinyllm proxy`. */
export interface ProxyCommandOptions extends MetricsServerOptions, ClientLabelSettings {
  /** The origins of the model servers. */
  readonly upstreams: readonly string[];
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** The models with their own series. Default: the first `maxModels`. */
  readonly models: readonly string[] | undefined;
  /** Default 100. */
  readonly maxModels: number | undefined;
  /** The graphs with their own series. Default: the first `maxGraphs`. */
  readonly graphs: readonly string[] | undefined;
  /** Default 100. */
  readonly maxGraphs: number | undefined;
  /** Maximum size of an inspected body in bytes. Default 8 MiB. */
  readonly inspectLimit: number | undefined;
  /** Memory for the inspection of all bodies in bytes. Default 64 MiB. */
  readonly inspectMemory: number | undefined;
  /** Whether to poll the upstreams for their loaded models. */
  readonly residency: boolean;
  readonly apiKeysFile: string | undefined;
  /** The file with the key to send to the upstreams instead of the key of the client. */
  readonly upstreamKeyFile: string | undefined;
  readonly requestsPerSecond: number | undefined;
  readonly maxConcurrent: number | undefined;
  readonly maxWaiting: number | undefined;
  /** Maximum number of client connections. Default 1,024. */
  readonly maxConnections: number | undefined;
  /** Seconds after which a client that does not read its response is disconnected. Default 60. */
  readonly stalledClientSeconds: number | undefined;
  /** Consecutive failures after which an upstream is down and, if there are others, gets no requests. Default 5. */
  readonly breakerFailures: number | undefined;
  /** Seconds for which a failed upstream gets no requests. */
  readonly breakerSeconds: number;
  /** How long running requests may take after the signal is aborted. */
  readonly graceSeconds: number;
  /** 0 picks a free port. */
  readonly metricsPort: number;
}

/** Time between two polls of the loaded models. */
const residencySeconds = 5;

/**
 * Forwards requests to model servers until the signal is aborted, and serves metrics of them.
 *
 * Throws a `ProxySettingsError` for invalid upstreams, an `ApiKeysError` for an invalid file of keys, and errors of the
 * two servers at the start.
 */
export async function proxy(options: ProxyCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { apiKeysFile, metricsPort: port, metricsHost, webConfigFile, page, openMetrics2, graceSeconds } = options;
  configureRecording({ buckets: options.buckets, nativeHistograms: options.nativeHistograms });
  noteDisabledMetrics(context);
  const keys =
    apiKeysFile === undefined
      ? undefined
      : new ApiKeys(apiKeysFile, { onProblem: (problem) => output.failure(problem) });
  const breaker = { failures: options.breakerFailures, openForSeconds: options.breakerSeconds };
  const { models, maxModels, graphs, maxGraphs, inspectLimit, inspectMemory } = options;
  const { labels, labelValues, maxLabelValues } = options;
  const observe = observeExchanges({
    ...{ models, maxModels, graphs, maxGraphs, labels, labelValues, maxLabelValues },
    ...{ inspectLimit, inspectMemory },
  });
  const upstreamKey = options.upstreamKeyFile === undefined ? undefined : readApiKey(options.upstreamKeyFile);
  const running = await startProxy({ ...options, keys, upstreamKey, breaker, observe });
  context.ensureGraceSeconds(graceSeconds + 2);
  const { url, upstreams } = running;
  try {
    if (options.defaultMetrics) await collectDefaultMetrics(registry);
    await serveMetrics({ port, host: metricsHost, webConfigFile, page, openMetrics2, until: 'Ctrl-C' }, context);
    output.note(`forwarding ${url} to ${upstreams.join(', ')}; press Ctrl-C to stop`);
    void warnOfProblems(running, output);
    warnOfNamelessKeys({ labels, keys, file: apiKeysFile }, output);
    if (options.residency) await reportResidency(running, { apiKey: upstreamKey, signal });
    else if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await running.close({ graceSeconds });
  }
}

/** Prints a warning if upstreams do not respond. The proxy keeps running, because they may start later. */
async function warnOfProblems(running: RunningProxy, output: CommandContext['output']): Promise<void> {
  const problems = await running.probe();
  if (problems.length === 0) return;
  const found = problems.map(({ message }) => message.replace(/\.$/, '')).join(', ');
  output.note(`warning: the upstream ${found}; start it, or correct --upstream`);
}

interface ResidencyOptions {
  readonly apiKey: string | undefined;
  readonly signal: AbortSignal;
}

function reportResidency(running: RunningProxy, { apiKey, signal }: ResidencyOptions): Promise<void> {
  const collector = getMetricsCollector();
  const onContact: RunningProxy['note'] = (url, contact) => running.note(url, contact);
  return watchResidency({
    read: (within) => readUpstreams({ urls: running.upstreams, signal: within, apiKey, onContact }),
    report: (residency) => collector.updateModelResidency(residency),
    onPolled: (succeeded) => collector.completeModelResidency({ succeeded }),
    seconds: residencySeconds,
    signal,
  });
}
