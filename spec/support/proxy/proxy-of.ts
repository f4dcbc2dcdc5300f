import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { type ProxyOptions, type RunningProxy, startProxy } from '../../../lib/proxy/forwarding/start-proxy.js';
import { registryText } from '../registry-text.js';

/** A proxy in this process, with metrics of its own. */
export interface TestedProxy extends RunningProxy {
  /** What a scrape would say of a metric: its lines, those that are 0 left out. */
  lines(metric: string): string[];
}

/** Starts a proxy on a free port, in front of these upstreams. */
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
