import type { WorkerOptions } from 'node:worker_threads';

/**
 * How to start the thread that compares passwords: `new Worker(code, options)`.
 *
 * The build replaces this module by one that contains the code of the worker with all its dependencies, as it does for
 * the scrape worker.
 */
export const passwordWorkerCode: { readonly code: string | URL; readonly options: WorkerOptions } = {
  code: new URL('./password-worker.js', import.meta.url),
  options: {},
};
