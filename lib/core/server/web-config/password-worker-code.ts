import type { WorkerOptions } from 'node:worker_threads';

/**
 * How to start the thread that compares passwords: `new Worker(code, options)`.
 *
 * The build replaces this module with one that contains the bundled code of the worker, as for the scrape worker.
 */
export const passwordWorkerCode: { readonly code: string | URL; readonly options: WorkerOptions } = {
  code: new URL('./password-worker.js', import.meta.url),
  options: {},
};
