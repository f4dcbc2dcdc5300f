import type { TokenUsage } from '../providers/token-usage.js';

// biome-ignore lint/suspicious/noExplicitAny: options may be written before the types of the tracked method are known
type Untyped = any;

/** A list of arguments. The type of an argument is any if it is unknown, as in a generic method. */
export type KnownArguments<Args extends readonly unknown[]> = unknown extends Args
  ? Untyped
  : { [Index in keyof Args]: unknown extends Args[Index] ? Untyped : Args[Index] };

/** The awaited result of a call. Its type is any if it is unknown, as in a generic method. */
export type AwaitedResult<Result> = unknown extends Awaited<Result> ? Untyped : Awaited<Result>;

/**
 * The value that the option `usage` receives: the awaited result of a call or, if the result is a stream, each chunk.
 *
 * It also receives the value that a generator returns. If only a property of the result is a stream, the type is that
 * of its chunks for the property `stream`, and any for another property.
 */
export type ResultOrChunk<Value> = Value extends
  | AsyncIterator<infer Chunk, infer Last>
  | Iterator<infer Chunk, infer Last>
  ? // A generator type without the type of the returned value has any in its place.
    Chunk | (0 extends 1 & Last ? never : Exclude<Awaited<Last>, void>)
  : Value extends AsyncIterable<infer Chunk> | ReadableStream<infer Chunk>
    ? Chunk
    : Value extends { readonly stream: AsyncIterable<infer Chunk> | ReadableStream<infer Chunk> }
      ? Chunk
      : [Extract<Value[keyof Value], AsyncIterable<unknown> | ReadableStream<unknown>>] extends [never]
        ? Value
        : Untyped;

/**
 * A label's value: fixed, or computed at each call from the instance and the arguments.
 *
 * A function returns null if the call has no value of its own. The label then has its default value. The same applies to
 * undefined, which is reported once per class, except in the option `labels`.
 *
 * `Self` is the type of the instance, and `Args` that of the list of arguments. The default for both is any.
 */
export type LabelOption<Self = Untyped, Args extends readonly unknown[] = Untyped> =
  | string
  | ((self: Self, args: KnownArguments<Args>) => string | null | undefined);

/** Options of all decorators and wrappers. `Result` is the return type of the tracked method or function. */
export interface TrackOptions<Self = Untyped, Args extends readonly unknown[] = Untyped, Result = Untyped> {
  /**
   * The value of the label `graph`. Default: the running graph with `graphContext`, otherwise `default`. The default
   * for graphs is that of `node` for nodes.
   */
  readonly graph?: LabelOption<Self, Args> | undefined;
  /**
   * The values of additional labels, by name: fixed, or computed at each call from the instance and the arguments.
   * Declare the labels with `configureMetrics({ labels })`. Default: the labels of `withLabels`.
   */
  readonly labels?: Readonly<Record<string, LabelOption<Self, Args> | undefined>> | undefined;
  /** Returns the type of an error. Default: `timeout` for timeouts, otherwise the error's class name. */
  readonly classifyError?: ((error: unknown) => string) | undefined;
  /**
   * Whether a returned value counts as an error. Default: for requests, whether the response contains an error;
   * otherwise never.
   */
  readonly isError?: ((result: AwaitedResult<Result>) => boolean) | undefined;
  /**
   * Returns the stream in a result, or a promise of it. The call then ends with that stream. Default: the stream in a
   * property such as `stream` or `textStream`, if there is one.
   */
  readonly stream?: ((result: AwaitedResult<Result>) => unknown) | undefined;
}

/** Options of `@TrackGraph` and `trackGraph`. */
export type TrackGraphOptions<
  Self = Untyped,
  Args extends readonly unknown[] = Untyped,
  Result = Untyped,
> = TrackOptions<Self, Args, Result>;

/** Options of `@TrackNode` and `trackNode`. */
export interface TrackNodeOptions<Self = Untyped, Args extends readonly unknown[] = Untyped, Result = Untyped>
  extends TrackOptions<Self, Args, Result> {
  /**
   * The value of the label `node`: the name of the step. Default for a method: the instance's `id`, then its `name`,
   * then the class name. Default for a function: its name.
   */
  readonly node?: LabelOption<Self, Args> | undefined;
}

/** Options of `@TrackTool` and `trackTool`. */
export interface TrackToolOptions<Self = Untyped, Args extends readonly unknown[] = Untyped, Result = Untyped>
  extends TrackOptions<Self, Args, Result> {
  /**
   * The value of the label `tool`: the name of the tool. Default for a method: the instance's `id`, then its `name`,
   * then the class name. Default for a function: its name.
   */
  readonly tool?: LabelOption<Self, Args> | undefined;
}

/** Options of `@TrackRequest` and `trackRequest`. */
export interface TrackRequestOptions<Self = Untyped, Args extends readonly unknown[] = Untyped, Result = Untyped>
  extends TrackOptions<Self, Args, Result> {
  /** The value of the label `model`: the name of the model. Default: `unknown`. */
  readonly model?: LabelOption<Self, Args> | undefined;
  /** The value of the label `request_type`, such as `generate`, `stream` or `embed`. Default: `generate`. */
  readonly requestType?: LabelOption<Self, Args> | undefined;
  /**
   * Reads the token counts from a result, or from each chunk of a stream. The default supports the common providers.
   */
  readonly usage?: ((result: ResultOrChunk<AwaitedResult<Result>>) => TokenUsage | undefined) | undefined;
}
