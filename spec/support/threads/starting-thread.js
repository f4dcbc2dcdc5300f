// A thread that imports the package and starts another thread. It forwards messages between its parent and that thread.
import { parentPort, Worker } from 'node:worker_threads';
import '../../../lib/core/dist/index.js';

const started = new Worker(new URL('counting-thread.js', import.meta.url), { execArgv: [] });
parentPort.on('message', (message) => started.postMessage(message));
started.on('message', (message) => parentPort.postMessage(message));
