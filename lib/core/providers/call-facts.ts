import type { ModelErrorFacts } from '../errors/model-errors.js';

/** A server, in the words its errors use. */
export interface ServerFacts {
  readonly provider: string;
  /** What a sentence that begins with the server calls it. */
  readonly name: string;
  /** Where it is, without a password. */
  readonly url: string;
  /** What says where it is, at the beginning of a sentence. */
  readonly setting: string;
  /** The port such servers are most often at. */
  readonly usualPort: number;
  /** What to do when it is not there. */
  readonly whenAbsent: string;
  /** What to look at when something else seems to be there. */
  readonly whenOther: string;
  /** What to do when it lacks a model. */
  readonly whenMissing: (model: string) => string;
  /** What to do when it wants another key. */
  readonly whenLocked: string;
  /** What no message may show, though a server may repeat it. */
  readonly secret?: string;
}

/** Which call an error belongs to. */
export interface CallFacts extends ServerFacts {
  /** Left out where no model is asked. */
  readonly model?: string;
}

/** What an error of a call carries. */
export function errorFacts({ provider, model }: CallFacts, further: Partial<ModelErrorFacts> = {}): ModelErrorFacts {
  return { provider, ...(model === undefined ? {} : { model }), ...further };
}
