import { MetricsDeliveryError } from '../errors.js';

/** Where to push, and how long that may take. */
export interface PushTargetOptions {
  readonly url: string;
  readonly timeoutMilliseconds: number;
  readonly signal?: AbortSignal;
}

/** The other side of a push. */
export class PushTarget {
  /** The URL without user and password, to be shown. */
  readonly shown: string;
  readonly #base: string;
  readonly #authorization: string | undefined;
  readonly #options: PushTargetOptions;

  /** @throws {MetricsDeliveryError} when the URL is not one of HTTP. */
  constructor(options: PushTargetOptions) {
    this.#options = options;
    const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      const shown = options.url.replace(/\/\/[^/@]*@/, '//');
      throw new MetricsDeliveryError(
        shown,
        `${JSON.stringify(shown)} is no URL to push to; expected one such as http://127.0.0.1:9091.`,
      );
    }
    const { username, password } = url;
    if (username !== '' || password !== '') {
      const credentials = `${decoded(username)}:${decoded(password)}`;
      this.#authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    }
    this.#base = url.origin + url.pathname.replace(/\/+$/, '');
    this.shown = this.#base;
  }

  /** @throws {MetricsDeliveryError} when nobody answers. */
  async send(path: string, init: RequestInit & { readonly headers?: Record<string, string> }): Promise<Response> {
    const { signal, timeoutMilliseconds } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMilliseconds);
    try {
      return await fetch(this.#base + path, {
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

  #reason(error: unknown, timeout: AbortSignal): string {
    if (timeout.aborted) return `no answer within ${this.#options.timeoutMilliseconds / 1000} s`;
    if (this.#options.signal?.aborted === true) return 'the push was ended early';
    // fetch says only "fetch failed"; what happened is underneath.
    const { cause, message } = error as Error;
    const under = cause as (Error & { readonly code?: string }) | undefined;
    return under?.message || under?.code || message;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
