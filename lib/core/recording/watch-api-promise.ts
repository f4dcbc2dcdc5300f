import { shadow } from './shadow.js';

/** The promise of OpenAI's and Anthropic's clients: it parses its response once somebody asks for what it says. */
export interface ApiPromise {
  responsePromise: Promise<unknown>;
  parseResponse: (...args: unknown[]) => Promise<unknown>;
  asResponse(): Promise<unknown>;
}

/** Told how a request ended, once. */
export interface ApiPromiseListener {
  succeed(value: unknown): void;
  fail(error: unknown): void;
}

/** Whether a thenable is such a promise, of whichever version of the clients. */
export function isApiPromise(thenable: object): thenable is ApiPromise {
  const { responsePromise, parseResponse, asResponse } = thenable as Partial<ApiPromise>;
  return responsePromise instanceof Promise && typeof parseResponse === 'function' && typeof asResponse === 'function';
}

/**
 * Follows it through what all its ways go through, of which `then` is only one: `catch`, `finally`, `withResponse` and
 * the clients' own helpers do not call that.
 */
export function watchApiPromise(promise: ApiPromise, { succeed, fail }: ApiPromiseListener): void {
  const { responsePromise, parseResponse, asResponse } = promise;
  let isParsed = false;
  const failing = (error: unknown): never => {
    fail(error);
    throw error;
  };
  promise.responsePromise = responsePromise.then((response) => response, failing);
  promise.parseResponse = (...args) => {
    isParsed = true;
    return parseResponse.apply(promise, args).then((value) => {
      succeed(value);
      return value;
    }, failing);
  };
  shadow(promise, 'asResponse', () =>
    asResponse.call(promise).then((response) => {
      // The call then ends with the body of the response.
      if (!isParsed) succeed(response);
      return response;
    }),
  );
}
