import { MetricsDeliveryError } from '../errors/errors.js';
import { type BodyLimits, readText } from '../framing/limit-body.js';
import { pushFailure } from './push-failure.js';
import { readPushUrl } from './push-url.js';

/** Where to push, and how long that may take. */
export interface PushTargetOptions {
  readonly url: string;
  readonly timeoutMilliseconds: number;
  readonly signal?: AbortSignal;
}

const refusalLimits: BodyLimits = { bytes: 64 * 1024, seconds: 10 };

/** The other side of a push. */
export class PushTarget {
  /** The URL without user and password, to be shown. */
  readonly shown: string;
  readonly #authorization: string | undefined;
  readonly #options: PushTargetOptions;

  /** @throws {MetricsDeliveryError} when the URL is not one of HTTP. */
  constructor(options: PushTargetOptions) {
    this.#options = options;
    const url = readPushUrl(options.url);
    if ('expected' in url) {
      const { shown, expected } = url;
      throw new MetricsDeliveryError(shown, `${JSON.stringify(shown)} is no URL to push to; expected ${expected}.`);
    }
    this.#authorization = url.authorization;
    this.shown = url.base;
  }

  /** @throws {MetricsDeliveryError} when nobody answers. */
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

  /** The error for an answer that is no success. */
  async refusal(answer: Response): Promise<MetricsDeliveryError> {
    const { status } = answer;
    const text = await readText(answer, refusalLimits, () => new Error('The refusal is too long.')).catch(() => '');
    const [said = ''] = text.trim().split('\n', 1);
    return new MetricsDeliveryError(this.shown, `${this.shown} ${this.#refused(status, said.slice(0, 300))}`, {
      status,
    });
  }

  #refused(status: number, said: string): string {
    if (status !== 401) return `refused the push with status ${status}${said === '' ? '' : `: ${said}`}`;
    return this.#authorization === undefined
      ? 'asks for a user and a password (status 401); put them into the URL, as in http://USER:PASSWORD@HOST:PORT.'
      : 'did not take the user and the password in the URL (status 401); check them, and percent-encode / ? # @ and % in them.';
  }

  #reason(error: unknown, timeout: AbortSignal): string {
    if (timeout.aborted) return `no answer within ${this.#options.timeoutMilliseconds / 1000} s`;
    if (this.#options.signal?.aborted === true) return 'the push was ended early';
    return pushFailure(error);
  }
}
