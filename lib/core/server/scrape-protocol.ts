import type { BuiltPage } from './built-page.js';
import type { ScrapeQuery } from './scrape-query.js';

/** Where to listen, and how. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly webConfigFile: string | undefined;
  /** The landing page for browsers at `/`; undefined sends them the metrics. */
  readonly page: BuiltPage | undefined;
}

/** What the main thread tells the scrape thread. */
export type ToScrapeThread =
  /** A segment is to be read from now on, under that number. */
  | { readonly type: 'segment'; readonly number: number; readonly buffer: SharedArrayBuffer }
  /** The thread of a segment has ended. */
  | { readonly type: 'retire'; readonly number: number }
  | { readonly type: 'listen'; readonly address: ListenAddress }
  /** The answer to the question of that number. */
  | { readonly type: 'foreign'; readonly question: number; readonly text: string }
  /** The workers of the cluster have told what they have; the answer to the question of that number. */
  | { readonly type: 'refreshed'; readonly question: number }
  | { readonly type: 'close' };

/** What the scrape thread tells the main thread. */
export type FromScrapeThread =
  | { readonly type: 'listening'; readonly port: number }
  /** The address cannot be listened on; `message` says why and what to do. */
  | { readonly type: 'refused'; readonly message: string }
  /** The application's own metrics are asked for. */
  | { readonly type: 'foreign'; readonly question: number; readonly query: ScrapeQuery }
  /** What the workers of the cluster have is asked for. */
  | { readonly type: 'refresh'; readonly question: number }
  | { readonly type: 'scraped'; readonly began: number }
  /** The server has closed, and the thread can be terminated. */
  | { readonly type: 'closed' }
  /** A changed web configuration cannot be taken. */
  | { readonly type: 'problem'; readonly message: string };
