import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { type ProxyOptions, type RunningProxy, startProxy } from '../../../lib/proxy/forwarding/start-proxy.js';
import { registryText } from '../registry-text.js';

/** A proxy in this process, with its own metrics registry. */
export interface TestedProxy extends RunningProxy {
  /** The lines of a metric in a scrape, without samples that are 0. */
  lines(metric: string): string[];
}

/** Starts a proxy for these upstreams on a free port. */
export async function proxyOf(
  upstreams: readonly string[],
  options: Omit<ProxyOptions, 'upstreams' | 'port'> = {},
): Promise<TestedProxy> {
  const registry = new SharedRegistry();
  const collector = new MetricsCollector(registry);
  const proxy = await startProxy({ upstreams, port: 0, collector, probeSeconds: 0, ...options });
  return {
    ...proxy,
    lines: (metric) =>
      registryText(registry)
        .split('\n')
        .filter((line) => line.startsWith(metric) && !line.endsWith(' 0')),
  };
}
