import type { ModelErrorFacts } from '../errors/model-errors.js';

/** How error messages describe a server. */
export interface ServerFacts {
  readonly provider: string;
  /** The server's name at the beginning of a sentence. */
  readonly name: string;
  /** The URL, without a password. */
  readonly url: string;
  /** The name of the setting with the URL, at the beginning of a sentence. */
  readonly setting: string;
  /** The default port of such servers. */
  readonly usualPort: number;
  /** What to do if the server is not running. */
  readonly whenAbsent: string;
  /** What to check if another program seems to use the address. */
  readonly whenOther: string;
  /** What to do if the server doesn't have a model. */
  readonly whenMissing: (model: string) => string;
  /** What to do if the server rejects the API key. */
  readonly whenLocked: string;
  /** A text that no message may contain, even if a server repeats it. */
  readonly secret?: string;
}

/** The call to which an error belongs. */
export interface CallFacts extends ServerFacts {
  /** Missing if the call uses no model. */
  readonly model?: string;
}

/** Returns the facts that an error of a call contains. */
export function errorFacts({ provider, model }: CallFacts, otherFacts: Partial<ModelErrorFacts> = {}): ModelErrorFacts {
  return { provider, ...(model === undefined ? {} : { model }), ...otherFacts };
}
