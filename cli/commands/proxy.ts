import { once } from 'node:events';
import { registry } from '../../lib/metrics/shared-registry.js';
import { startProxy } from '../../lib/proxy/start-proxy.js';
import { collectDefaultMetrics } from '../collect-default-metrics.js';
import type { CommandContext } from '../command-context.js';
import { serveMetrics } from '../serve-metrics.js';

/** Options of `tinyllm proxy`. */
export interface ProxyCommandOptions {
  /** Servers by their origin. */
  readonly upstreams: readonly string[];
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** How long what is under way may take once the command is ended. */
  readonly graceSeconds: number;
  /** 0 picks a free one. */
  readonly metricsPort: number;
  readonly metricsHost: string;
  readonly webConfigFile: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  readonly defaultMetrics: boolean;
}

/**
 * Passes requests on to model servers until its signal is aborted, and serves metrics of them.
 *
 * Throws a `ProxySettingsError` for upstreams it cannot work with, and what the two servers throw at the start.
 */
export async function proxy(options: ProxyCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { upstreams, host, port, graceSeconds, metricsPort, metricsHost, webConfigFile, page } = options;
  const passing = await startProxy({ upstreams, host, port });
  context.allowSeconds(graceSeconds + 2);
  try {
    if (options.defaultMetrics) await collectDefaultMetrics(registry);
    await serveMetrics({ port: metricsPort, host: metricsHost, webConfigFile, page, until: 'Ctrl-C' }, context);
    output.note(`passing ${passing.url} on to ${passing.upstreams.join(', ')}; Ctrl-C ends it`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await passing.close({ graceSeconds });
  }
}
