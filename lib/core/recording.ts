/**
 * `tinyllm/recording`: records a call that you observe yourself, and reads providers' responses and errors.
 *
 * @module
 */
export { instrumentsOf } from './collector/collector.js';
export type { Catalog, Instruments } from './collector/instruments.js';
export type { CallSeries, StreamRecorder } from './decorators/call-series.js';
export { carriesOutput } from './decorators/carries-output.js';
export type { FailureKind } from './decorators/error-type.js';
export { errorTypeOf, failureKind } from './decorators/error-type.js';
export { type FinishReason, finishReasonOf } from './decorators/finish-reason.js';
export type { SeriesBinder } from './decorators/labels.js';
export { guarded } from './decorators/settle.js';
export { bindRequests } from './decorators/track-request.js';
export { defaultUsage, isFields, type TokenUsage } from './decorators/usage.js';
export {
  ModelAccessError,
  ModelError,
  type ModelErrorFacts,
  ModelNotFoundError,
  ModelProtocolError,
  ModelRateLimitError,
  ModelRequestError,
  ModelServerError,
  ModelUnavailableError,
} from './errors/model-errors.js';
export type { CounterSeries } from './metrics/counter.js';
export type { GaugeSeries } from './metrics/gauge.js';
export type { HistogramSeries } from './metrics/histogram.js';
export type { InstrumentKinds } from './metrics/meter.js';
export { asModelError, brokenAnswer, unreachable } from './providers/call-errors.js';
export { type CallFacts, errorFacts } from './providers/call-facts.js';
export type { Refusal } from './providers/refusal-class.js';
export { refusalClass } from './providers/refusal-class.js';
export { beginningOf, oneLine, statedError, statedRefusal } from './providers/server-words.js';
