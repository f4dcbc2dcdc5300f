import { readText } from 'tinyllm/recording';
import { pushFailure } from 'tinyllm/server';
import { EndpointError } from './endpoint-error.js';
import { type Reading, readScrape } from './reading.js';
import type { TopUrl } from './top-url.js';

/** Where numbers come from. */
export interface EndpointOptions extends Omit<TopUrl, 'shown'> {
  /** How long an answer may take, in seconds; default 5. */
  readonly timeoutSeconds?: number;
  /** Seconds on a clock that never goes back; default the process's own. */
  readonly clock?: () => number;
}

/** The largest metrics are a fraction of it. */
const limits = { bytes: 64 * 1024 ** 2 };

/** A metrics endpoint that is read again and again. */
export class Endpoint {
  readonly #options: EndpointOptions;

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /**
   * Scrapes it once.
   *
   * @throws {EndpointError} in words that go after its URL, when it does not answer with metrics of TinyLLM; and the
   * reason of the signal.
   */
  async read(signal: AbortSignal): Promise<Reading> {
    const { clock = () => performance.now() / 1000 } = this.#options;
    const text = await this.#scrape(signal);
    return readScrape(text, clock());
  }

  async #scrape(signal: AbortSignal): Promise<string> {
    const { url, authorization, timeoutSeconds = 5 } = this.#options;
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    try {
      const response = await fetch(url, {
        headers: {
          Accept: 'text/plain;version=0.0.4',
          // A connection that is kept could be to a server that has ended since.
          Connection: 'close',
          ...(authorization === undefined ? {} : { Authorization: authorization }),
        },
        signal: AbortSignal.any([signal, timeout]),
      });
      const text = await readText(response, limits, tooLarge);
      if (response.ok) return text;
      throw new EndpointError(refusal(response.status, authorization !== undefined), { cause: response.status });
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof EndpointError) throw cause;
      const reason = timeout.aborted ? `nothing came within ${timeoutSeconds} s` : pushFailure(cause);
      throw new EndpointError(`does not answer: ${reason.replace(/[^?]$/, '$&.')}`, { cause });
    }
  }
}

function tooLarge(): EndpointError {
  return new EndpointError(`answers with more than ${limits.bytes / 2 ** 20} MiB; expected metrics.`);
}

function refusal(status: number, hasCredentials: boolean): string {
  if (status !== 401) return `answers with status ${status}; expected the URL that metrics are served at.`;
  return hasCredentials
    ? 'did not take the user and the password (status 401); check them, and percent-encode / ? # @ and % in them.'
    : 'asks for a user and a password (status 401); put them into its URL, as USER:PASSWORD@ before the host.';
}
