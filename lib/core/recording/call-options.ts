import type { TokenUsage } from '../providers/token-usage.js';

// biome-ignore lint/suspicious/noExplicitAny: options are written before the types of the decorated method are known
type Untyped = any;

/** A label's value: fixed, or computed at each call from the instance and the arguments. */
export type LabelOption = string | ((self: Untyped, args: Untyped) => string | undefined);

/** Options of all decorators. */
export interface TrackOptions {
  /** Default: `default`; for `@TrackGraph` the instance's `id`, then its `name`, then the class name. */
  readonly graph?: LabelOption | undefined;
  /**
   * The values of additional labels, by name: fixed, or computed at each call from the instance and the arguments.
   * Declare the labels with `configureMetrics({ labels })`. Default: the labels of `withLabels`.
   */
  readonly labels?: Readonly<Record<string, LabelOption | undefined>> | undefined;
  /** Returns the type of an error. Default: `timeout` for timeouts, otherwise the error's class name. */
  readonly classifyError?: ((error: unknown) => string) | undefined;
  /**
   * Whether a returned value counts as an error. Default: for `@TrackRequest`, whether the response contains an error;
   * for other decorators never.
   */
  readonly isError?: ((result: Untyped) => boolean) | undefined;
  /**
   * Returns the stream in a result, or a promise of it. The call then ends with that stream. Default: the stream in a
   * property such as `stream` or `textStream`, if there is one.
   */
  readonly stream?: ((result: Untyped) => unknown) | undefined;
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
  /** Default: `unknown`. */
  readonly model?: LabelOption | undefined;
  /** Default: `generate`. */
  readonly requestType?: LabelOption | undefined;
  /**
   * Reads the token counts from a result, or from each chunk of a stream. The default supports the common providers.
   */
  readonly usage?: ((result: Untyped) => TokenUsage | undefined) | undefined;
}
