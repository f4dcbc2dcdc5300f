import { parentPort } from 'node:worker_threads';
import { Executor } from './executor.js';

// A thread that runs 20 rounds and exits. It sends its counts to the main thread, separately from the metrics.
const executor = new Executor();
for (let round = 0; round < 20; round++) await executor.round();
parentPort?.postMessage(executor.counts);
