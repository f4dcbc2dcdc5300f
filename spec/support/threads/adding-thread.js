// Adds 1 to the second cell of a page. The message is the number of additions.
import { parentPort, workerData } from 'node:worker_threads';
import { addAtomically } from '../../../.cache/compiled/core/metrics/cells.js';

parentPort.once('message', (count) => {
  const page = new Float64Array(workerData);
  for (let time = 0; time < count; time++) addAtomically({ page, offset: 0 }, 1, 1);
});
parentPort.postMessage('ready');
