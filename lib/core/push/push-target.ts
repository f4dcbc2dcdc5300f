import { MetricsDeliveryError } from '../errors/errors.js';
import { type BodyLimits, readText } from '../framing/limit-body.js';
import { pushFailure } from './push-failure.js';
import { readPushUrl } from './push-url.js';

/** Options of a push target. */
export interface PushTargetOptions {
  readonly url: string;
  readonly timeoutMilliseconds: number;
  readonly signal?: AbortSignal;
}

const errorResponseLimits: BodyLimits = { bytes: 64 * 1024, seconds: 10 };

/** A Pushgateway or a hub that receives pushes. */
export class PushTarget {
  /** The URL without the user and the password, for messages. */
  readonly shown: string;
  readonly #authorization: string | undefined;
  readonly #options: PushTargetOptions;

  /** @throws {MetricsDeliveryError} if the URL is not a valid HTTP URL. */
  constructor(options: PushTargetOptions) {
    this.#options = options;
    const url = readPushUrl(options.url);
    if ('expected' in url) {
      const { shown, expected } = url;
      throw new MetricsDeliveryError(shown, `${JSON.stringify(shown)} is not a valid push URL; expected ${expected}.`);
    }
    this.#authorization = url.authorization;
    this.shown = url.base;
  }

  /**
   * Sends a request.
   *
   * @throws {MetricsDeliveryError} if there is no response.
   */
  async send(path: string, init: RequestInit & { readonly headers?: Record<string, string> }): Promise<Response> {
    const { signal, timeoutMilliseconds } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMilliseconds);
    try {
      return await fetch(this.shown + path, {
        ...init,
        headers: {
          ...init.headers,
          ...(this.#authorization === undefined ? {} : { Authorization: this.#authorization }),
        },
        redirect: 'error',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
    } catch (cause) {
      throw new MetricsDeliveryError(
        this.shown,
        `The metrics could not be pushed to ${this.shown}: ${this.#reason(cause, timeout)}.`,
        { cause },
      );
    }
  }

  /** Returns the error for a response with an error status. */
  async refusal(response: Response): Promise<MetricsDeliveryError> {
    const { status } = response;
    const text = await readText(
      response,
      errorResponseLimits,
      () => new Error('The error response is too long.'),
    ).catch(() => '');
    const [firstLine = ''] = text.trim().split('\n', 1);
    return new MetricsDeliveryError(this.shown, `${this.shown} ${this.#rejection(status, firstLine.slice(0, 300))}`, {
      status,
    });
  }

  #rejection(status: number, detail: string): string {
    if (status !== 401) return `rejected the push with status ${status}${detail === '' ? '' : `: ${detail}`}`;
    return this.#authorization === undefined
      ? 'requires a user and a password (status 401); add them to the URL, as in http://USER:PASSWORD@HOST:PORT.'
      : 'rejected the user and the password in the URL (status 401); check them, and percent-encode / ? # @ and % in them.';
  }

  #reason(error: unknown, timeout: AbortSignal): string {
    if (timeout.aborted) return `no response within ${this.#options.timeoutMilliseconds / 1000} s`;
    if (this.#options.signal?.aborted === true) return 'the push was aborted';
    return pushFailure(error);
  }
}
