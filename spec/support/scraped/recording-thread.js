// A thread that records values until they are finished or until it is terminated.
import { workerData } from 'node:worker_threads';
import { declareHistograms, recordValues } from './record-values.js';

recordValues(declareHistograms(), new Int32Array(workerData.counts), { from: 0, to: workerData.values });
