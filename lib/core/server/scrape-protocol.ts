import type { BuiltPage } from './built-page.js';
import type { ScrapeQuery } from './scrape-query.js';

/** The address and the options of the metrics server. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly webConfigFile: string | undefined;
  /** The landing page for browsers at `/`; undefined sends them the metrics. */
  readonly page: BuiltPage | undefined;
}

/** A message from the main thread to the scrape thread. */
export type ToScrapeThread =
  /** Read this segment of a thread from now on; `number` is the thread's, and `index` counts its segments. */
  | { readonly type: 'segment'; readonly number: number; readonly buffer: SharedArrayBuffer; readonly index: number }
  /** The thread with this number has ended. */
  | { readonly type: 'retire'; readonly number: number }
  | { readonly type: 'listen'; readonly address: ListenAddress }
  /** The application's own metrics, for the request with this number. */
  | { readonly type: 'foreign'; readonly question: number; readonly text: string }
  /** The application's own metrics take longer: others are rendered before, or the main thread has other work. */
  | { readonly type: 'foreign-delayed'; readonly question: number }
  /** The cluster's workers have sent their latest values, for the request with this number. */
  | { readonly type: 'refreshed'; readonly question: number }
  | { readonly type: 'close' };

/** A message from the scrape thread to the main thread. */
export type FromScrapeThread =
  | { readonly type: 'listening'; readonly port: number }
  /** The server cannot listen; `message` contains the reason and the fix. */
  | { readonly type: 'refused'; readonly message: string }
  /** Requests the application's own metrics. */
  | { readonly type: 'foreign'; readonly question: number; readonly query: ScrapeQuery }
  /** Requests the latest values of the cluster's workers. */
  | { readonly type: 'refresh'; readonly question: number }
  | { readonly type: 'scraped'; readonly began: number }
  /** The server has closed, and the thread can be terminated. */
  | { readonly type: 'closed' }
  /** For example, a changed web configuration that is invalid. */
  | { readonly type: 'problem'; readonly message: string };
