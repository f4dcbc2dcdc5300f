import { once } from 'node:events';
import { observeExchanges, type RunningProxy, startProxy } from '@tinyllm/proxy';
import { getMetricsCollector, registry } from 'tinyllm';
import { ApiKeys, readApiKey } from 'tinyllm/server';
import type { CommandContext } from '../../command/command-context.js';
import type { MetricsServerOptions } from '../../flags/metrics-server.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import { watchResidency } from '../../metrics/watch-residency.js';
import { readUpstreams } from './read-upstreams.js';

/** Options of `tinyllm proxy`. */
export interface ProxyCommandOptions extends MetricsServerOptions {
  /** Servers by their origin. */
  readonly upstreams: readonly string[];
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** The models that have series of their own; default the first `maxModels`. */
  readonly models: readonly string[] | undefined;
  /** Default 100. */
  readonly maxModels: number | undefined;
  /** The graphs that have series of their own; default the first `maxGraphs`. */
  readonly graphs: readonly string[] | undefined;
  /** Default 100. */
  readonly maxGraphs: number | undefined;
  /** Bytes of a body that are looked into; default 8 MiB. */
  readonly inspectLimit: number | undefined;
  /** Bytes of memory for looking into bodies, all requests together; default 64 MiB. */
  readonly inspectMemory: number | undefined;
  /** Whether the upstreams are asked which models they hold in memory. */
  readonly residency: boolean;
  readonly apiKeysFile: string | undefined;
  /** Holds the key that upstreams get in place of the proxy's. */
  readonly upstreamKeyFile: string | undefined;
  readonly requestsPerSecond: number | undefined;
  readonly maxConcurrent: number | undefined;
  readonly maxWaiting: number | undefined;
  /** Connections of clients at a time; default 1,024. */
  readonly maxConnections: number | undefined;
  /** Seconds after which a client is disconnected that does not read its response; default 60. */
  readonly stalledClientSeconds: number | undefined;
  /** Failures in a row after which one of several upstreams is taken out; default 5. */
  readonly breakerFailures: number | undefined;
  /** How long it gets no requests then. */
  readonly breakerSeconds: number;
  /** How long what is under way may take once the command is ended. */
  readonly graceSeconds: number;
  /** 0 picks a free one. */
  readonly metricsPort: number;
}

/** Between two looks at what is in memory. */
const residencySeconds = 5;

/**
 * Passes requests on to model servers until its signal is aborted, and serves metrics of them.
 *
 * Throws a `ProxySettingsError` for upstreams it cannot work with, an `ApiKeysError` for a file of keys, and what the
 * two servers throw at the start.
 */
export async function proxy(options: ProxyCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { apiKeysFile, metricsPort: port, metricsHost, webConfigFile, page, graceSeconds } = options;
  const keys =
    apiKeysFile === undefined
      ? undefined
      : new ApiKeys(apiKeysFile, { onProblem: (problem) => output.failure(problem) });
  const breaker = { failures: options.breakerFailures, openForSeconds: options.breakerSeconds };
  const { models, maxModels, graphs, maxGraphs, inspectLimit, inspectMemory } = options;
  const observe = observeExchanges({ models, maxModels, graphs, maxGraphs, inspectLimit, inspectMemory });
  const upstreamKey = options.upstreamKeyFile === undefined ? undefined : readApiKey(options.upstreamKeyFile);
  const passing = await startProxy({ ...options, keys, upstreamKey, breaker, observe });
  context.allowSeconds(graceSeconds + 2);
  const { url, upstreams } = passing;
  try {
    if (options.defaultMetrics) await collectDefaultMetrics(registry);
    await serveMetrics({ port, host: metricsHost, webConfigFile, page, until: 'Ctrl-C' }, context);
    output.note(`passing on ${url} to ${upstreams.join(', ')}; Ctrl-C ends it`);
    void warnOfProblems(passing, output);
    if (options.residency) await reportResidency(passing, { apiKey: upstreamKey, signal });
    else if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await passing.close({ graceSeconds });
  }
}

/** Writes one line if upstreams do not respond. The proxy goes on, because they may start later. */
async function warnOfProblems(passing: RunningProxy, output: CommandContext['output']): Promise<void> {
  const problems = await passing.probe();
  if (problems.length === 0) return;
  const found = problems.map(({ message }) => message.replace(/\.$/, '')).join(', ');
  output.note(`warning: the upstream ${found}; start it, or correct --upstream`);
}

interface ResidencyOptions {
  readonly apiKey: string | undefined;
  readonly signal: AbortSignal;
}

function reportResidency(passing: RunningProxy, { apiKey, signal }: ResidencyOptions): Promise<void> {
  const collector = getMetricsCollector();
  const onContact: RunningProxy['note'] = (url, contact) => passing.note(url, contact);
  return watchResidency({
    read: (within) => readUpstreams({ urls: passing.upstreams, signal: within, apiKey, onContact }),
    report: (residency) => collector.updateModelResidency(residency),
    polled: (succeeded) => collector.completeModelResidency({ succeeded }),
    seconds: residencySeconds,
    signal,
  });
}
