import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Worker } from 'node:worker_threads';
import { sharedBytes } from './shared-memory.js';
import { type Library, latencies, OBSERVATIONS, openStore } from './subjects/histograms.js';

/** Bytes per histogram series. `resident` is the memory of the process, which includes garbage and is only a rough value. */
export interface MemoryOfSeries {
  readonly heap: number;
  readonly buffers: number;
  readonly workers: number;
  readonly resident: number;
}

const FIRST_SERIES = 100;

const workers: Worker[] = [];
process.on('worker', (worker: Worker) => workers.push(worker));

// The optional arguments are the number of observations per series, spread over five decades, and `native`.
const [, , library, series, observations, native] = process.argv;
const count = Number(series);
const values = observations === undefined ? OBSERVATIONS : latencies(Number(observations));
const store = await openStore(library as Library, { native: native !== undefined });
for (let index = 0; index < FIRST_SERIES; index++) store.observe(index, values);
const url = await store.serve();
await scrape(url);
const before = await measure();
for (let index = FIRST_SERIES; index < FIRST_SERIES + count; index++) store.observe(index, values);
// The scrape thread finds new series at the first scrape at the latest.
await scrape(url);
await scrape(url);
const after = await measure();
const perSeries = (of: keyof MemoryOfSeries) => (after[of] - before[of]) / count;
process.send?.({
  heap: perSeries('heap'),
  buffers: perSeries('buffers'),
  workers: perSeries('workers'),
  resident: perSeries('resident'),
} satisfies MemoryOfSeries);
process.exit();

async function measure(): Promise<MemoryOfSeries> {
  let inWorkers = 0;
  for (const worker of workers) inWorkers += await heapOf(worker);
  for (let time = 0; time < 3; time++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed, buffers: external + sharedBytes(), workers: inWorkers, resident: rss };
}

interface HeapSnapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: readonly string[] } };
  readonly nodes: readonly number[];
}

/** The heap of a worker after a garbage collection: the sum of the nodes of a heap snapshot. */
async function heapOf(worker: Worker): Promise<number> {
  const { snapshot, nodes } = (await json(await worker.getHeapSnapshot())) as HeapSnapshot;
  const { node_fields: fields } = snapshot.meta;
  const size = fields.indexOf('self_size');
  let bytes = 0;
  for (let node = 0; node < nodes.length; node += fields.length) bytes += nodes[node + size]!;
  return bytes;
}

async function scrape(from: string): Promise<void> {
  await new Promise((resolve, reject) => {
    get(from, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}
