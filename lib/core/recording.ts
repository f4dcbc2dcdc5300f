/**
 * `tinyllm/recording`: records a call that you observe yourself, and reads providers' responses and errors.
 *
 * @module
 */
export { instrumentsOf } from './collector/collector.js';
export type { Catalog, Instruments } from './collector/instruments.js';
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
export { BodyReader, type BodyReaderOptions, type Framing, framingNamed } from './framing/body-reader.js';
export { asBuffer, GatheredBytes } from './framing/gathered-bytes.js';
export { type BodyLimits, type ExceededLimit, limitBody, readText } from './framing/limit-body.js';
export { LineSplitter, type LineSplitterOptions } from './framing/line-splitter.js';
export { type ReadState, TopLevelFields, type TopLevelFieldsOptions } from './framing/top-level-fields.js';
export type { CallContext } from './metrics/call-context.js';
export type { CounterSeries } from './metrics/counter.js';
export {
  type BoundSummary,
  type QuantileWindow,
  type SummaryConfiguration,
  SummaryMetric,
} from './metrics/custom/summary.js';
export type { SummaryValue } from './metrics/custom/summary-values.js';
export type { WritableDescriptor } from './metrics/descriptor.js';
export type { GaugeSeries } from './metrics/gauge.js';
export type { HistogramSeries } from './metrics/histogram.js';
export type { InstrumentKinds } from './metrics/meter.js';
export { aiSdk } from './providers/ai-sdk.js';
export { anthropic } from './providers/anthropic.js';
export { asModelError, brokenAnswer, unreachable } from './providers/call-errors.js';
export { type CallFacts, errorFacts } from './providers/call-facts.js';
export { type Fields, isFields } from './providers/fields.js';
export type { FinishReason } from './providers/finish-reason.js';
export { gemini } from './providers/gemini.js';
export { langchain } from './providers/langchain.js';
export { ollama } from './providers/ollama.js';
export { openaiChat } from './providers/openai-chat.js';
export { openaiResponses } from './providers/openai-responses.js';
export { readResponse } from './providers/read-response.js';
export { readerOf } from './providers/reader-of.js';
export type { Refusal } from './providers/refusal-class.js';
export { refusalClass } from './providers/refusal-class.js';
export type { ProviderTimings, ResponseReader, ResponseReading } from './providers/response-reader.js';
export { beginningOf, oneLine, statedError, statedRefusal } from './providers/server-messages.js';
export { StreamedResponse, type StreamedResponseOptions } from './providers/streamed-response.js';
export type { TokenUsage } from './providers/token-usage.js';
export { wantedFields } from './providers/wanted-fields.js';
export { bindRequests, declaredLabelsOf, declareLabels, seriesLimitOf } from './recording/bind-requests.js';
export type { CallSite } from './recording/call-label.js';
export type { CallSeries, StreamRecorder } from './recording/call-series.js';
export type { FailureKind } from './recording/failure-kind.js';
export { errorTypeOf, failureKind } from './recording/failure-kind.js';
export type { SeriesBinder } from './recording/label-plan.js';
export { type RequestCost, recordCost } from './recording/record-cost.js';
export { guarded } from './recording/settle.js';
export { withDefaultLabels } from './recording/with-labels.js';
