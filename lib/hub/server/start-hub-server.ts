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
  writeForeignMetrics,
} from 'tinyllm/server';
import type { FamilyShape } from '../pushes/pushed-family.js';
import { addSums } from '../sums/add-sums.js';
import type { Hub } from './hub.js';
import { createHubHandler } from './hub-handler.js';

/** Options of {@link startHubServer}: those of a metrics server, which always runs in this thread, and the hub. */
export interface HubServerOptions extends Omit<MetricsServerOptions, 'thread'> {
  /** Receives the pushes; its sums are served with the metrics of the registry. */
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

/** The sums of the pushed metrics, added to the process's own. */
function hubMetrics(hub: Hub, registry: SharedRegistry): AdditionalMetrics {
  return {
    refresh: () => refreshRegistry(registry),
    isThere: () => true,
    add: async (own, query) => {
      const sums = await hub.sums();
      const { families, foreign } = addSums({ families: own, foreign: foreignMetricsIn(registry) }, sums);
      return { families, text: await writeForeignMetrics(foreign, query, { registry }) };
    },
  };
}

/** What pushes must agree with of a registry: its metrics that have series, in the text format's types. */
export function ownShapes(registry: SharedRegistry): FamilyShape[] {
  return recordedDescriptors(registry).map(({ name, kind, buckets }) => ({
    name,
    type: kind === 'info' ? 'gauge' : kind,
    bounds: buckets,
  }));
}
