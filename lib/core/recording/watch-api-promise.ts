import { overrideMethod } from './override-method.js';

/** The promise of OpenAI's and Anthropic's clients. It parses its response when the content is first requested. */
export interface ApiPromise {
  responsePromise: Promise<unknown>;
  parseResponse: (...args: unknown[]) => Promise<unknown>;
  asResponse(): Promise<unknown>;
}

/** Receives the result of a request, once. */
export interface ApiPromiseListener {
  succeed(value: unknown): void;
  fail(error: unknown): void;
}

/** Whether a thenable is such a promise, in any version of the clients. */
export function isApiPromise(thenable: object): thenable is ApiPromise {
  const { responsePromise, parseResponse, asResponse } = thenable as Partial<ApiPromise>;
  return responsePromise instanceof Promise && typeof parseResponse === 'function' && typeof asResponse === 'function';
}

/**
 * Follows the promise through the internals that all its methods use.
 *
 * Overriding only `then` isn't enough: `catch`, `finally`, `withResponse` and the clients' own helpers don't call it.
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
  overrideMethod(promise, 'asResponse', () =>
    asResponse.call(promise).then((response) => {
      // If the content is not parsed, the call ends with the body of the response.
      if (!isParsed) succeed(response);
      return response;
    }),
  );
}
