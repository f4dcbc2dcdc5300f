import type { BuiltPage } from './built-page.js';
import type { ScrapeQuery } from './scrape-query.js';

/** The address and the options of the metrics server. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly webConfigFile: string | undefined;
  /** The landing page for browsers at `/`; undefined sends them the metrics. */
  readonly page: BuiltPage | undefined;
  /** Whether OpenMetrics 2.0 is offered; default false. */
  readonly openMetrics2?: boolean | undefined;
}

/** A message from the main thread to the scrape thread. */
export type ToScrapeThread =
  /**
   * Read this segment from now on.
   *
   * `number` identifies the thread of the application, or the cluster worker, to which the segment belongs. `index`
   * counts the segments of this thread or worker.
   */
  | { readonly type: 'segment'; readonly number: number; readonly buffer: SharedArrayBuffer; readonly index: number }
  /** The thread or the cluster worker with this number has ended. */
  | { readonly type: 'retire'; readonly number: number }
  | { readonly type: 'listen'; readonly address: ListenAddress }
  /** The application's prom-client metrics, for the request with this ID. */
  | { readonly type: 'foreign'; readonly requestId: number; readonly content: Uint8Array }
  /** The prom-client metrics take longer, because reading them must wait or needs more than a time slice. */
  | { readonly type: 'foreign-delayed'; readonly requestId: number }
  /** The workers of the cluster have sent their current values, for the request with this ID. */
  | { readonly type: 'refreshed'; readonly requestId: number }
  | { readonly type: 'close' };

/** A message from the scrape thread to the main thread. */
export type FromScrapeThread =
  | { readonly type: 'listening'; readonly port: number }
  /** The server cannot listen. `message` contains the reason and the fix. */
  | { readonly type: 'listen-failed'; readonly message: string }
  /** Requests the application's prom-client metrics. */
  | { readonly type: 'foreign'; readonly requestId: number; readonly query: ScrapeQuery }
  /** Requests the current values of the workers of the cluster. */
  | { readonly type: 'refresh'; readonly requestId: number }
  /** A scrape was completed. `began` is its start time in Unix milliseconds. */
  | { readonly type: 'scraped'; readonly began: number }
  /** The server has closed, and the thread can be terminated. */
  | { readonly type: 'closed' }
  /** The running server has a problem, for example an invalid change of the web configuration. */
  | { readonly type: 'problem'; readonly message: string };
