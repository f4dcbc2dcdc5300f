import { checkOptionTypes } from '../errors/check-option-types.js';
import { type IntegrationOptions, integrationOptionTypes, RequestCalls } from '../recording/request-calls.js';
import { observedStream } from './observed-stream.js';

/** A model of the AI SDK, as far as it is looked at. */
export interface MiddlewareModel {
  readonly modelId: string;
}

/** What the AI SDK hands a middleware for a whole answer. */
export interface GenerateStep<Result> {
  /** Asks the model. */
  readonly doGenerate: () => PromiseLike<Result>;
  readonly params: object;
  readonly model: MiddlewareModel;
}

/** What the AI SDK hands a middleware for a streamed answer. */
export interface StreamStep<Result> {
  /** Asks the model. */
  readonly doStream: () => PromiseLike<Result>;
  readonly params: object;
  readonly model: MiddlewareModel;
}

/** A result of the AI SDK that is streamed. */
export interface StreamedResult {
  // biome-ignore lint/suspicious/noExplicitAny: parts differ between the versions of the AI SDK, and pass through unchanged
  readonly stream: ReadableStream<any>;
}

/** A language model middleware of the AI SDK, from version 5 on. */
export interface MetricsMiddleware {
  readonly specificationVersion: 'v3';
  /** Measures a whole answer, which comes back unchanged. */
  wrapGenerate<Result>(step: GenerateStep<Result>): Promise<Result>;
  /** Measures a streamed answer to its end; its parts come back unchanged. */
  wrapStream<Result extends StreamedResult>(step: StreamStep<Result>): Promise<Result>;
}

/**
 * Makes a middleware for the AI SDK's `wrapLanguageModel` that counts and times every request to the model: tokens,
 * finish reasons, errors by type, time to first token and the gaps between chunks.
 *
 * Put it last of several, so that it measures the model and not the other middlewares.
 *
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export function metricsMiddleware(options: IntegrationOptions = {}): MetricsMiddleware {
  checkOptionTypes('metricsMiddleware', options, integrationOptionTypes);
  const calls = new RequestCalls(options);
  const begin = (requestType: 'generate' | 'stream', model: MiddlewareModel, params: object) => {
    const { abortSignal } = params as { readonly abortSignal?: unknown };
    return calls.begin({ model: model.modelId, requestType, self: model, args: [params, abortSignal] });
  };
  return {
    specificationVersion: 'v3',
    wrapGenerate: async ({ doGenerate, params, model }) => {
      const call = begin('generate', model, params);
      try {
        const result = await doGenerate();
        call.succeeded(result);
        return result;
      } catch (error) {
        call.failed(error);
        throw error;
      }
    },
    wrapStream: async ({ doStream, params, model }) => {
      const call = begin('stream', model, params);
      try {
        const result = await doStream();
        return { ...result, stream: observedStream(result.stream, () => call.streams()) };
      } catch (error) {
        call.failed(error);
        throw error;
      }
    },
  };
}
