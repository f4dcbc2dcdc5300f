import { readText } from 'tinyllm/recording';
import { pushFailure as requestFailure } from 'tinyllm/server';
import { EndpointError } from './endpoint-error.js';
import { type Reading, readScrape } from './reading.js';
import type { TopUrl } from './top-url.js';

/** The endpoint to scrape. */
export interface EndpointOptions extends Omit<TopUrl, 'shown'> {
  /** Timeout of a scrape in seconds. Default 5. */
  readonly timeoutSeconds?: number;
  /** Returns seconds of a monotonic clock. Default: the clock of the process. */
  readonly clock?: () => number;
}

/** Much larger than any real response. */
const limits = { bytes: 64 * 1024 ** 2 };

/** OpenMetrics 2.0 is the only text format with native histograms. */
const accepted = 'application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.5';

/** A metrics endpoint that is scraped repeatedly. */
export class Endpoint {
  readonly #options: EndpointOptions;

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /**
   * Scrapes the endpoint once.
   *
   * @throws {EndpointError} if the endpoint does not respond, or if the response has no metrics of TinyLLM. The message
   * has no subject, for example `does not respond: …`. The caller prints the URL before the message. After an abort,
   * this method throws the reason of the signal instead.
   */
  async read(signal: AbortSignal): Promise<Reading> {
    const { clock = () => performance.now() / 1000 } = this.#options;
    const { text, contentType } = await this.#scrape(signal);
    return readScrape(text, clock(), contentType);
  }

  async #scrape(signal: AbortSignal): Promise<{ readonly text: string; readonly contentType: string }> {
    const { url, authorization, timeoutSeconds = 5 } = this.#options;
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    try {
      const response = await fetch(withOpenMetrics2(url), {
        headers: {
          Accept: accepted,
          // The server may have restarted since the last scrape, so don't reuse its connection.
          Connection: 'close',
          ...(authorization === undefined ? {} : { Authorization: authorization }),
        },
        signal: AbortSignal.any([signal, timeout]),
      });
      const text = await readText(response, limits, tooLarge);
      if (response.ok) return { text, contentType: response.headers.get('content-type') ?? '' };
      throw new EndpointError(statusMessage(response.status, authorization !== undefined), { cause: response.status });
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof EndpointError) throw cause;
      const reason = timeout.aborted ? `no response within ${timeoutSeconds} s` : requestFailure(cause);
      throw new EndpointError(`does not respond: ${reason.replace(/[^?]$/, '$&.')}`, { cause });
    }
  }
}

/** Requests that TinyLLM offers OpenMetrics 2.0. Other servers ignore this. */
function withOpenMetrics2(text: string): string {
  const url = new URL(text);
  // Keep the bytes of the query, which `searchParams` would rewrite.
  if (!url.searchParams.has('openmetrics2')) url.search = `${url.search === '' ? '?' : `${url.search}&`}openmetrics2=1`;
  return url.href;
}

function tooLarge(): EndpointError {
  return new EndpointError(
    `responds with more than ${limits.bytes / 2 ** 20} MiB; expected the URL of a metrics endpoint.`,
  );
}

function statusMessage(status: number, hasCredentials: boolean): string {
  if (status !== 401) return `responds with status ${status}; expected the URL of a metrics endpoint.`;
  return hasCredentials
    ? 'rejected the user and password (status 401); check them, and percent-encode / ? # @ and % in them.'
    : 'requires a user and password (status 401); put USER:PASSWORD@ before the host in the URL.';
}
