import type { DefaultMetricsCollectorConfiguration, RegistryContentType } from 'prom-client-original';
import { DefaultMetrics, type DefaultMetricsOptions } from './default-metrics.js';
import { addHandles, addHeap, addHeapSpaces, addNodeVersion, addRequests, addResources } from './node-metrics.js';
import { addEventLoopLag, addGarbageCollection } from './performance-metrics.js';
import { addCpuTime, addMaximumOpenFiles, addOpenFiles, addProcessMemory, addStartTime } from './process-metrics.js';

/** The functions that add a group of metrics, by prom-client's name of the group. */
const groups: Readonly<Record<string, (metrics: DefaultMetrics) => void>> = {
  processCpuTotal: addCpuTime,
  processStartTime: addStartTime,
  osMemoryHeap: addProcessMemory,
  processOpenFileDescriptors: addOpenFiles,
  processMaxFileDescriptors: addMaximumOpenFiles,
  eventLoopLag: addEventLoopLag,
  processResources: addResources,
  processHandles: addHandles,
  processRequests: addRequests,
  heapSizeAndUsed: addHeap,
  heapSpacesSizeAndUsed: addHeapSpaces,
  version: addNodeVersion,
  gc: addGarbageCollection,
};

function addDefaultMetrics<ContentType extends RegistryContentType>(
  configuration?: DefaultMetricsCollectorConfiguration<ContentType>,
): void {
  if (configuration !== null && configuration !== undefined && typeof configuration !== 'object') {
    throw new TypeError('config must be null, undefined, or an object');
  }
  const metrics = new DefaultMetrics({ ...configuration } as DefaultMetricsOptions);
  for (const add of Object.values(groups)) add(metrics);
}

/**
 * Adds metrics of the process and of Node, such as CPU time and memory. The names of the groups are in `metricsList`.
 *
 * @throws {TypeError} if the configuration is not an object.
 * @throws {Error} if the registry already contains one of the metrics.
 */
export const collectDefaultMetrics = Object.assign(addDefaultMetrics, { metricsList: Object.keys(groups) });
