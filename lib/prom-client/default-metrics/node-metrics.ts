import { getHeapSpaceStatistics } from 'node:v8';
import type { DefaultMetrics } from './default-metrics.js';
import { memoryUsage } from './process-metrics.js';

/** Functions of Node that its types don't declare. Later versions may remove them. */
const internals = process as { _getActiveHandles?(): unknown[]; _getActiveRequests?(): unknown[] };

/** The texts of two metrics: the number of objects by type, and their total. */
interface ActiveObjects {
  readonly name: string;
  readonly help: string;
  readonly totalHelp: string;
  /** Returns the types of all objects, with repetitions. */
  types(): readonly string[];
}

export function addResources(metrics: DefaultMetrics): void {
  addActiveObjects(metrics, {
    name: 'nodejs_active_resources',
    help: 'Number of active resources that are currently keeping the event loop alive, grouped by async resource type.',
    totalHelp: 'Total number of active resources.',
    types: () => process.getActiveResourcesInfo(),
  });
}

/** Adds the active handles. Does nothing if Node doesn't report them. */
export function addHandles(metrics: DefaultMetrics): void {
  if (typeof internals._getActiveHandles !== 'function') return;
  addActiveObjects(metrics, {
    name: 'nodejs_active_handles',
    help: 'Number of active libuv handles grouped by handle type. Every handle type is C++ class name.',
    totalHelp: 'Total number of active handles.',
    types: () => classNames(internals._getActiveHandles?.() ?? []),
  });
}

/** Adds the active requests. Does nothing if Node doesn't report them. */
export function addRequests(metrics: DefaultMetrics): void {
  if (typeof internals._getActiveRequests !== 'function') return;
  addActiveObjects(metrics, {
    name: 'nodejs_active_requests',
    help: 'Number of active libuv requests grouped by request type. Every request type is C++ class name.',
    totalHelp: 'Total number of active requests.',
    types: () => classNames(internals._getActiveRequests?.() ?? []),
  });
}

function addActiveObjects(metrics: DefaultMetrics, { name, help, totalHelp, types }: ActiveObjects): void {
  const known = new Set<string>();
  metrics.gauge({
    name,
    help,
    labelNames: ['type'],
    // A type without objects keeps its series. Removing and adding series takes memory that is not freed.
    collect() {
      const counts = new Map<string, number>();
      for (const type of types()) counts.set(type, (counts.get(type) ?? 0) + 1);
      // Set the counts after the zeros: if the option `labels` contains `type`, all types share one series.
      for (const type of known) if (!counts.has(type)) this.set({ type, ...metrics.labels }, 0);
      for (const [type, count] of counts) this.set({ type, ...metrics.labels }, count);
      for (const type of counts.keys()) known.add(type);
    },
  });
  metrics.gauge({
    name: `${name}_total`,
    help: totalHelp,
    collect() {
      this.set(metrics.labels, types().length);
    },
  });
}

function classNames(objects: readonly unknown[]): readonly string[] {
  return objects.flatMap((one) => {
    const { constructor: type } = Object(one) as { readonly constructor?: { readonly name: string } };
    return one && type !== undefined ? [type.name] : [];
  });
}

/** Adds the size of V8's heap. */
export function addHeap(metrics: DefaultMetrics): void {
  const total = metrics.gauge({
    name: 'nodejs_heap_size_total_bytes',
    help: 'Process heap size from Node.js in bytes.',
    // The first metric sets the values of all three.
    collect() {
      const usage = memoryUsage();
      if (usage === undefined) return;
      total.set(metrics.labels, usage.heapTotal);
      used.set(metrics.labels, usage.heapUsed);
      if (usage.external !== undefined) external.set(metrics.labels, usage.external);
    },
  });
  const used = metrics.gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'Process heap size used from Node.js in bytes.',
  });
  const external = metrics.gauge({
    name: 'nodejs_external_memory_bytes',
    help: 'Node.js external memory size in bytes.',
  });
}

/** Adds the sizes of the spaces of V8's heap. Does nothing if the runtime doesn't report them. */
export function addHeapSpaces(metrics: DefaultMetrics): void {
  try {
    getHeapSpaceStatistics();
  } catch (error) {
    // Bun
    if ((error as NodeJS.ErrnoException).code === 'ERR_NOT_IMPLEMENTED') return;
    throw error;
  }
  const gaugeOf = (size: string, collect?: () => void) =>
    metrics.gauge({
      name: `nodejs_heap_space_size_${size}_bytes`,
      help: `Process heap space size ${size} from Node.js in bytes.`,
      labelNames: ['space'],
      ...(collect && { collect }),
    });
  // The first metric sets the values of all three.
  const total = gaugeOf('total', () => {
    for (const statistics of getHeapSpaceStatistics()) {
      const labels = { space: statistics.space_name.split('_space', 1)[0]!, ...metrics.labels };
      total.set(labels, statistics.space_size);
      used.set(labels, statistics.space_used_size);
      available.set(labels, statistics.space_available_size);
    }
  });
  const used = gaugeOf('used');
  const available = gaugeOf('available');
}

export function addNodeVersion(metrics: DefaultMetrics): void {
  const { version } = process;
  const [major = 0, minor = 0, patch = 0] = version.slice(1).split('.').map(Number);
  metrics.gauge({
    name: 'nodejs_version_info',
    help: 'Node.js version info.',
    labelNames: ['version', 'major', 'minor', 'patch'],
    aggregator: 'first',
    collect() {
      this.set({ version, major, minor, patch, ...metrics.labels }, 1);
    },
  });
}
