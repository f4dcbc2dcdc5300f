import type { TokenUsage } from '../providers/token-usage.js';

// biome-ignore lint/suspicious/noExplicitAny: the options are written before the method whose types these would be is known
type Untyped = any;

/** A label's value: fixed, or computed at each call from the instance and the arguments. */
export type LabelOption = string | ((self: Untyped, args: Untyped) => string | undefined);

/** Options every decorator takes. */
export interface TrackOptions {
  /** Default `default`; for `@TrackGraph` the instance's `id`, then its `name`, then the class name. */
  readonly graph?: LabelOption | undefined;
  /** Names the type of an error; default `timeout` for timeouts, else the error's class name. */
  readonly classifyError?: ((error: unknown) => string) | undefined;
  /** Whether a returned value counts as an error; default never. */
  readonly isError?: ((result: Untyped) => boolean) | undefined;
}

/** Options of `@TrackGraph`. */
export type TrackGraphOptions = TrackOptions;

/** Options of `@TrackNode`. */
export interface TrackNodeOptions extends TrackOptions {
  /** Default: the instance's `id`, then its `name`, then the class name. */
  readonly node?: LabelOption | undefined;
}

/** Options of `@TrackRequest`. */
export interface TrackRequestOptions extends TrackOptions {
  /** Default `unknown`. */
  readonly model?: LabelOption | undefined;
  /** Default `generate`. */
  readonly requestType?: LabelOption | undefined;
  /** Reads the tokens off a result, or off each chunk of a stream; default understands the common providers. */
  readonly usage?: ((result: Untyped) => TokenUsage | undefined) | undefined;
}
