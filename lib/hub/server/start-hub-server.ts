import {
  type MetricsServer,
  type MetricsServerOptions,
  type SharedRegistry,
  registry as sharedRegistry,
} from 'tinyllm';
import {
  type AdditionalMetrics,
  foreignMetricsIn,
  recordedDescriptors,
  refreshRegistry,
  startExtendedServer,
  updateMetrics,
  writeForeignMetrics,
} from 'tinyllm/server';
import type { FamilyShape } from '../pushes/pushed-family.js';
import { addSums } from '../sums/add-sums.js';
import { gaugeAggregations } from '../sums/combine-gauges.js';
import type { Hub } from './hub.js';
import { createHubHandler } from './hub-handler.js';

/** Options of {@link startHubServer}: a hub, and the options of a metrics server. The server runs in this thread. */
export interface HubServerOptions extends Omit<MetricsServerOptions, 'thread'> {
  /** The hub that receives the pushes. Its sums are served with the metrics of the registry. */
  readonly hub: Hub;
}

/**
 * Serves metrics like `startMetricsServer` and accepts pushes at `/metrics/job/JOB` like a Pushgateway.
 *
 * @throws {ListenError} if the server cannot listen on the address.
 * @throws {WebConfigError} if the web configuration is invalid.
 */
export function startHubServer({ hub, ...options }: HubServerOptions): Promise<MetricsServer> {
  const { registry = sharedRegistry } = options;
  return startExtendedServer({ metrics: hubMetrics(hub, registry), route: createHubHandler(hub) }, options);
}

/** Adds the sums of the hub to the metrics of the process. */
function hubMetrics(hub: Hub, registry: SharedRegistry): AdditionalMetrics {
  return {
    refresh: () => refreshRegistry(registry),
    isThere: () => true,
    add: async (readFamilies, query) => {
      await updateMetrics(registry);
      const metrics = { families: readFamilies(), foreign: foreignMetricsIn(registry) };
      const sums = await hub.sums(gaugeAggregations(metrics.families.map(({ descriptor }) => descriptor)));
      const { families, foreign } = addSums(metrics, sums);
      return { families, rest: await writeForeignMetrics(foreign, query, { registry }) };
    },
  };
}

/** The name, type and buckets of each metric with series in a registry. Pass it as {@link HubOptions.own}. */
export function ownShapes(registry: SharedRegistry): FamilyShape[] {
  return recordedDescriptors(registry).map(({ name, kind, buckets }) => ({
    name,
    type: kind === 'info' ? 'gauge' : kind,
    // Quantiles of a summary are not bounds. Pushes can have other quantiles.
    bounds: kind === 'histogram' ? buckets : [],
  }));
}
