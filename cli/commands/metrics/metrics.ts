import { readOllamaResidency } from '@tinyllm/executor/servers';
import { Hub, ownShapes, startHubServer } from '@tinyllm/hub';
import type { startMetricsServer } from 'tinyllm';
import { getMetricsCollector, registry } from 'tinyllm';
import type { CommandContext } from '../../command/command-context.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { noteDisabledMetrics } from '../../metrics/note-disabled-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import { watchResidency } from '../../metrics/watch-residency.js';

/** Options of `tinyllm metrics`. */
export interface MetricsCommandOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** The file with TLS, users and headers. Default: plain HTTP without authentication. */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  /** Whether clients that request OpenMetrics 2.0 get it; default false. */
  readonly openMetrics2?: boolean | undefined;
  /** Whether to include prom-client's default metrics of this process. Default false. */
  readonly defaultMetrics?: boolean | undefined;
  /** Seconds without a push after which the gauges of a pusher are removed. `Infinity` for never; default 300. */
  readonly expireSeconds?: number | undefined;
  /** The file that stores pushed metrics across restarts. */
  readonly persistenceFile?: string | undefined;
  /** Maximum size of a push in bytes, after decompression. */
  readonly maxPushBytes?: number | undefined;
  /** Maximum bytes of names, labels, help texts and numbers of all pushers. Default 256 MiB. */
  readonly maxStateBytes?: number | undefined;
  /** Seconds between two polls of the models in Ollama's memory. Default 5. */
  readonly residencySeconds?: number;
}

/**
 * Accepts pushes and serves their sums until the signal is aborted. Also serves the metrics of this process, including
 * the models in Ollama's memory.
 *
 * Throws a `ListenError` if the server cannot listen on the address, and a `HubFileError` if the persistence file
 * cannot be used.
 */
export async function metrics(options: MetricsCommandOptions, context: CommandContext): Promise<void> {
  const { port, host, webConfigFile, page, openMetrics2, defaultMetrics, residencySeconds: seconds = 5 } = options;
  const { signal } = context;
  const collector = getMetricsCollector();
  const hub = await openHub(options);
  context.defer(() => hub.close());
  if (defaultMetrics === true) await collectDefaultMetrics(registry);
  noteDisabledMetrics(context);
  const startServer: typeof startMetricsServer = (serverOptions) => startHubServer({ ...serverOptions, hub });
  await serveMetrics({ port, host, webConfigFile, page, openMetrics2, startServer, until: 'Ctrl-C' }, context);
  await watchResidency({
    read: (within) => readOllamaResidency({ signal: within }),
    report: (residency) => collector.updateModelResidency(residency),
    onPolled: (succeeded) => collector.completeModelResidency({ succeeded }),
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
