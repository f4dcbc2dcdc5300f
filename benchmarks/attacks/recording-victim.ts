import cluster from 'node:cluster';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';
import type * as Library from 'tinyllm';

// Runs one attack on the recording of calls in its own process, and sends the measured value as a message.

/** Limits the address space of shared memory, so that segments are full after a few thousand series. */
function reserveAtMost(bytes: number): void {
  const { SharedArrayBuffer: Whole } = globalThis;
  globalThis.SharedArrayBuffer = new Proxy(Whole, {
    construct: (target, [length, options]) => {
      if ((options?.maxByteLength ?? length) > bytes) throw new RangeError('Array buffer allocation failed');
      return new target(length, options);
    },
  });
}

interface Recursive {
  run(reached: { depth: number }): never;
}

function overflow(self: Recursive): number {
  const reached = { depth: 0 };
  try {
    self.run(reached);
  } catch {
    // The stack overflowed.
  }
  return reached.depth;
}

function recurse(this: Recursive, reached: { depth: number }): never {
  reached.depth++;
  return this.run(reached);
}

function emptyWrapper(method: Recursive['run']): Recursive['run'] {
  return {
    wrapper(this: Recursive, ...args: [{ depth: number }]): never {
      return method.apply(this, args);
    },
  }.wrapper;
}

function decorated({ TrackNode }: typeof Library): Recursive {
  const descriptor = { value: recurse, writable: true, configurable: true };
  return Object.defineProperty({} as Recursive, 'run', TrackNode({ node: 'deep' })({}, 'run', descriptor));
}

async function sample({ registry }: typeof Library, line: RegExp): Promise<number> {
  return Number(line.exec(await registry.metrics())?.[1]);
}

const measurements: Readonly<Record<string, () => Promise<number>>> = {
  /** The share of an empty wrapper's depth that a decorated method doesn't reach, in %. */
  depth: async () => {
    const library = await import('tinyllm');
    const [most, reached] = [overflow({ run: emptyWrapper(recurse) }), overflow(decorated(library))];
    return 100 * (1 - reached / most);
  },
  /** Calls that count as active after ten overflows of the stack. */
  active: async () => {
    const library = await import('tinyllm');
    const node = decorated(library);
    for (let time = 0; time < 10; time++) overflow(node);
    return sample(library, /^tinyllm_active_nodes\{node="deep".*\} (.+)$/m);
  },
  /** Series that are missing in a scrape after the first segments were full. */
  segments: async () => {
    reserveAtMost(4 * 2 ** 20);
    const { configureMetrics, getMetricsCollector, registry } = await import('tinyllm');
    const nodes = 60_000;
    configureMetrics({ maxSeriesPerMetric: nodes });
    for (let node = 0; node < nodes; node++) getMetricsCollector().trackNodeExecution({ node: `${node}` }, () => 1);
    const text = await registry.metrics();
    return nodes - (text.match(/^tinyllm_node_executions_total\{node="\d+"/gm)?.length ?? 0);
  },
  /** Resident memory that 120 short-lived threads leave after the first 40, in MiB. */
  threads: async () => {
    await import('tinyllm');
    const resident = (): number => {
      globalThis.gc?.();
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
    };
    let base = 0;
    for (let thread = 0; thread < 160; thread += 2) {
      if (thread === 40) base = resident();
      const workers = [1, 2].map(() => new Worker(fileURLToPath(import.meta.url)));
      await Promise.all(workers.map((worker) => once(worker, 'exit')));
    }
    return resident() - base;
  },
  /** How long an idle worker of a cluster is busy with each report of its 8,000 series, in ms. */
  cluster: async () => {
    const worker = cluster.fork();
    const [milliseconds] = await once(worker, 'message', { signal: AbortSignal.timeout(50_000) }).then(async (first) =>
      typeof first[0] === 'number' ? first : await number(worker),
    );
    worker.kill();
    return milliseconds;
  },
};

async function number(worker: ReturnType<typeof cluster.fork>): Promise<[number]> {
  for (;;) {
    const [message] = await once(worker, 'message');
    if (typeof message === 'number') return [message];
  }
}

async function reportIdle(): Promise<void> {
  const { configureMetrics, getMetricsCollector } = await import('tinyllm');
  configureMetrics({ maxSeriesPerMetric: 10_000 });
  for (let node = 0; node < 8_000 / 3; node++) getMetricsCollector().trackNodeExecution({ node: `${node}` }, () => 1);
  // The first reports contain all series, and a written page is compared twice.
  await sleep(4_000);
  const before = performance.eventLoopUtilization();
  await sleep(5_000);
  process.send?.(performance.eventLoopUtilization(before).active / 5);
}

if (!isMainThread) {
  const { getMetricsCollector } = await import('tinyllm');
  getMetricsCollector().trackNodeExecution({ node: 'short' }, () => 1);
} else if (cluster.isWorker) {
  await reportIdle();
} else {
  const [, , name = ''] = process.argv;
  const measured = await measurements[name]!();
  process.send?.(measured, () => process.exit());
}
