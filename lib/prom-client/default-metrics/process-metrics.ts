import { readdirSync, readFileSync } from 'node:fs';
import { activeTraceLabels } from './active-trace-labels.js';
import type { DefaultMetrics } from './default-metrics.js';

/** The time at which the process started, in Unix seconds. */
const START_TIME = Math.round(Date.now() / 1_000 - process.uptime());

/** Adds the CPU time since this call. */
export function addCpuTime(metrics: DefaultMetrics): void {
  let last = process.cpuUsage();
  const user = metrics.counter({
    name: 'process_cpu_user_seconds_total',
    help: 'Total user CPU time spent in seconds.',
    // The first metric sets the values of all three.
    collect() {
      const current = process.cpuUsage();
      const [userTime, systemTime] = [current.user - last.user, current.system - last.system];
      last = current;
      const exemplarLabels = metrics.options.enableExemplars ? activeTraceLabels() : undefined;
      for (const [counter, microseconds] of [
        [user, userTime],
        [system, systemTime],
        [total, userTime + systemTime],
      ] as const) {
        const value = microseconds / 1e6;
        if (exemplarLabels === undefined) counter.inc(metrics.labels, value);
        else counter.inc({ labels: metrics.labels, value, exemplarLabels });
      }
    },
  });
  const system = metrics.counter({
    name: 'process_cpu_system_seconds_total',
    help: 'Total system CPU time spent in seconds.',
  });
  const total = metrics.counter({
    name: 'process_cpu_seconds_total',
    help: 'Total user and system CPU time spent in seconds.',
  });
}

export function addStartTime(metrics: DefaultMetrics): void {
  metrics.gauge({
    name: 'process_start_time_seconds',
    help: 'Start time of the process since unix epoch in seconds.',
    aggregator: 'omit',
    collect() {
      this.set(metrics.labels, START_TIME);
    },
  });
}

/** Adds the memory of the process. Only Linux reports the virtual memory and the heap. */
export function addProcessMemory(metrics: DefaultMetrics): void {
  const isLinux = process.platform === 'linux';
  const resident = metrics.gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory size in bytes.',
    collect: () => (isLinux ? setFromStatus() : setResident()),
  });
  if (!isLinux) return;
  const virtual = metrics.gauge({ name: 'process_virtual_memory_bytes', help: 'Virtual memory size in bytes.' });
  const heap = metrics.gauge({ name: 'process_heap_bytes', help: 'Process heap size in bytes.' });

  function setFromStatus(): void {
    const status = readProcessFile('status');
    if (status === undefined) return;
    const gauges: Readonly<Record<string, typeof resident>> = { VmRSS: resident, VmSize: virtual, VmData: heap };
    for (const [, field = '', kibibytes] of status.matchAll(/^(\w+):\s*(\d+) kB$/gm)) {
      if (Object.hasOwn(gauges, field)) gauges[field]?.set(metrics.labels, Number(kibibytes) * 1_024);
    }
  }

  function setResident(): void {
    const usage = memoryUsage();
    if (usage !== undefined) resident.set(metrics.labels, usage.rss);
  }
}

/** Adds the number of open files. Does nothing if the platform isn't Linux. */
export function addOpenFiles(metrics: DefaultMetrics): void {
  if (process.platform !== 'linux') return;
  metrics.gauge({
    name: 'process_open_fds',
    help: 'Number of open file descriptors.',
    collect() {
      try {
        // Without the descriptor with which the folder is read.
        this.set(metrics.labels, readdirSync('/proc/self/fd').length - 1);
      } catch {
        // The folder is not readable in some containers. The last value stays.
      }
    },
  });
}

/** Adds the limit of open files. Does nothing if the platform doesn't report it. */
export function addMaximumOpenFiles(metrics: DefaultMetrics): void {
  const limit = /^Max open files\s+(\S+)/m.exec(readProcessFile('limits') ?? '')?.[1];
  if (limit === undefined) return;
  const value = limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
  metrics.gauge({
    name: 'process_max_fds',
    help: 'Maximum number of open file descriptors.',
    collect() {
      this.set(metrics.labels, value);
    },
  });
}

/** Returns the memory of the process, or undefined if the platform doesn't report it. */
export function memoryUsage(): NodeJS.MemoryUsage | undefined {
  try {
    return process.memoryUsage();
  } catch {
    return undefined;
  }
}

/** Reads a file of Linux's process file system, which never blocks. Returns undefined on other platforms. */
function readProcessFile(name: string): string | undefined {
  try {
    return readFileSync(`/proc/self/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
