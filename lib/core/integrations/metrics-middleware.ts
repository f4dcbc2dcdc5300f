import { checkIntegrationOptions, type IntegrationOptions, RequestCalls } from '../recording/request-calls.js';
import { observedStream } from './observed-stream.js';

/** The part of an AI SDK model that is used here. */
export interface MiddlewareModel {
  readonly modelId: string;
  /** Such as `openai.chat`. Its part before the dot is the value of the label `provider`. */
  readonly provider?: unknown;
}

/** The argument of a middleware for a whole response. */
export interface GenerateStep<Result> {
  /** Calls the model. */
  readonly doGenerate: () => PromiseLike<Result>;
  readonly params: object;
  readonly model: MiddlewareModel;
}

/** The argument of a middleware for a streamed response. */
export interface StreamStep<Result> {
  /** Calls the model. */
  readonly doStream: () => PromiseLike<Result>;
  readonly params: object;
  readonly model: MiddlewareModel;
}

/** A streamed result of the AI SDK. */
export interface StreamedResult {
  // biome-ignore lint/suspicious/noExplicitAny: parts differ between versions of the AI SDK, and pass through unchanged
  readonly stream: ReadableStream<any>;
}

/** A language model middleware of the AI SDK, version 5 or later. */
export interface MetricsMiddleware {
  readonly specificationVersion: 'v3';
  /** Measures a whole response and returns it unchanged. */
  wrapGenerate<Result>(step: GenerateStep<Result>): Promise<Result>;
  /** Measures a streamed response to its end. The parts pass through unchanged. */
  wrapStream<Result extends StreamedResult>(step: StreamStep<Result>): Promise<Result>;
}

/**
 * Creates a middleware for the AI SDK's `wrapLanguageModel` that counts and times every request to the model: tokens,
 * finish reasons, errors by type, time to first token and the gaps between chunks.
 *
 * If you use several middlewares, put this one last, so that it measures only the model.
 *
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export function metricsMiddleware(options: IntegrationOptions = {}): MetricsMiddleware {
  checkIntegrationOptions('metricsMiddleware', options);
  const calls = new RequestCalls(options);
  const begin = (requestType: 'generate' | 'stream', model: MiddlewareModel, params: object) => {
    const { abortSignal } = params as { readonly abortSignal?: unknown };
    const provider = typeof model.provider === 'string' ? model.provider.split('.')[0] : undefined;
    return calls.begin({ model: model.modelId, provider, requestType, self: model, args: [params, abortSignal] });
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
        return { ...result, stream: observedStream(result.stream, () => call.startStream()) };
      } catch (error) {
        call.failed(error);
        throw error;
      }
    },
  };
}
