import { parentPort } from 'node:worker_threads';
import { Executor } from './executor.js';

// A thread that works for a moment and ends; what it did is told to the main thread beside the metrics.
const executor = new Executor();
for (let round = 0; round < 20; round++) await executor.round();
parentPort?.postMessage(executor.counts);
