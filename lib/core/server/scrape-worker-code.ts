import type { WorkerOptions } from 'node:worker_threads';

/** How to start the scrape worker: `new Worker(code, options)`. */
export interface ScrapeWorkerCode {
  /** The code itself, or the location of its module. */
  readonly code: string | URL;
  readonly options: WorkerOptions;
}

/**
 * The scrape worker of the sources, which loads modules with the loaders of the main process.
 *
 * The build replaces this module by one that contains the code of the worker with all its dependencies. Such a worker
 * loads no file, so it runs in an application that a bundler has put into one file.
 */
export const scrapeWorkerCode: ScrapeWorkerCode = {
  code: new URL('./scrape-worker.js', import.meta.url),
  options: {},
};
