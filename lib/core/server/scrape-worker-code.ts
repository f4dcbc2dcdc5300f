import type { WorkerOptions } from 'node:worker_threads';

/** How to start the scrape worker: `new Worker(code, options)`. */
export interface ScrapeWorkerCode {
  /** The source code, or the URL of the module. */
  readonly code: string | URL;
  readonly options: WorkerOptions;
}

/**
 * The scrape worker when running from the sources. It loads modules with the loaders of the main process.
 *
 * The build replaces this module with one that contains the bundled code of the worker. A bundled worker loads no
 * files, so it also works in applications that are bundled into one file.
 */
export const scrapeWorkerCode: ScrapeWorkerCode = {
  code: new URL('./scrape-worker.js', import.meta.url),
  options: {},
};
