import { readOllamaResidency } from '@tinyllm/executor/servers';
import { Hub, ownShapes, startHubServer } from '@tinyllm/hub';
import type { startMetricsServer } from 'tinyllm';
import { getMetricsCollector, registry } from 'tinyllm';
import type { CommandContext } from '../../command/command-context.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import { watchResidency } from '../../metrics/watch-residency.js';

/** Options of `tinyllm metrics`. */
export interface MetricsCommandOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** TLS, users and headers; default plain HTTP for everybody. */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  /** Whether to serve prom-client's metrics of this process as well; default not. */
  readonly defaultMetrics?: boolean | undefined;
  /** Seconds of silence after which a pusher's gauges are dropped; `Infinity` for never, default 300. */
  readonly expireSeconds?: number | undefined;
  /** Where to keep what was pushed. */
  readonly persistenceFile?: string | undefined;
  /** Largest push in bytes, unzipped. */
  readonly maxPushBytes?: number | undefined;
  /** Bytes of names, labels and numbers over all pushers; default 256 MiB. */
  readonly maxStateBytes?: number | undefined;
  /** Seconds between two looks at which models Ollama holds in memory; default 5. */
  readonly residencySeconds?: number;
}

/**
 * Takes pushes and serves their sums until its signal is aborted, with this process's own metrics, among them which
 * models Ollama holds in memory.
 *
 * Throws a `ListenError` when the address cannot be listened on, a `HubFileError` when the persistence file cannot
 * be used.
 */
export async function metrics(options: MetricsCommandOptions, context: CommandContext): Promise<void> {
  const { port, host, webConfigFile, page, defaultMetrics, residencySeconds: seconds = 5 } = options;
  const { signal } = context;
  const collector = getMetricsCollector();
  const hub = await openHub(options);
  context.afterwards(() => hub.close());
  if (defaultMetrics === true) await collectDefaultMetrics(registry);
  const startServer: typeof startMetricsServer = (serverOptions) => startHubServer({ ...serverOptions, hub });
  await serveMetrics({ port, host, webConfigFile, page, startServer, until: 'Ctrl-C' }, context);
  await watchResidency({
    read: (within) => readOllamaResidency({ signal: within }),
    report: (residency) => collector.updateModelResidency(residency),
    polled: (succeeded) => collector.completeModelResidency({ succeeded }),
    seconds,
    signal,
  });
}

function openHub({ expireSeconds, persistenceFile, maxPushBytes, maxStateBytes }: MetricsCommandOptions): Promise<Hub> {
  return Hub.open({
    ...(expireSeconds === undefined ? {} : { expireSeconds }),
    ...(persistenceFile === undefined ? {} : { persistenceFile }),
    ...(maxPushBytes === undefined ? {} : { maxPushBytes }),
    ...(maxStateBytes === undefined ? {} : { maxStateBytes }),
    own: () => ownShapes(registry),
  });
}
