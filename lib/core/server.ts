/**
 * `tinyllm/server`: HTTP limits, TLS, API keys, labels of clients, the scrape endpoint with additional metrics, and
 * delivery of metrics.
 *
 * @module
 */
export { refreshRegistry } from './aggregation/follow-registry.js';
export { ApiKeysError, ListenError, WebConfigError } from './errors/errors.js';
export { escapeLabelValue } from './formats/escape.js';
export type { Exemplar, Family, ReadableSeries } from './formats/family.js';
export type { DefaultLabels, ForeignData, ForeignMetric, ForeignValue } from './formats/foreign-metric.js';
export type { Escaping, FormatName, TextFormatName } from './formats/format.js';
export { parseExposition, type Sample } from './formats/parse-exposition.js';
export type { MetricOfApplication } from './metrics/custom/registered-metric.js';
export type { Aggregation, Descriptor, InstrumentKind, MetricKind } from './metrics/descriptor.js';
export { addNative, alignNative, emptyNative, nativeCount, withSchema } from './metrics/native/merge-native.js';
export type { NativeBuckets, NativeHistogram, NativeSettings } from './metrics/native/native-histogram.js';
export { nativeIncrease } from './metrics/native/native-increase.js';
export { nativeQuantile } from './metrics/native/native-quantile.js';
export { recordedDescriptors } from './metrics/own-descriptors.js';
export type { LabelBytes } from './metrics/series-record.js';
export { SharedRegistry } from './metrics/shared-registry.js';
export { type UpdateMetricsOptions, updateMetrics } from './metrics/update-metrics.js';
export { HUB_HEADER, isHub } from './push/push.js';
export { pushFailure } from './push/push-failure.js';
export type { PushPathOptions } from './push/push-path.js';
export { pushPath } from './push/push-path.js';
export type { PushTargetOptions } from './push/push-target.js';
export { PushTarget } from './push/push-target.js';
export { checkMetricsFile } from './push/textfile.js';
export { type ApiKey, ApiKeys, type ApiKeysOptions, readApiKey } from './server/api-keys.js';
export { answerClientError, connectRequest } from './server/client-error.js';
export {
  ClientLabels,
  type LabelledRequest,
} from './server/client-labels/client-labels.js';
export { LabelNames, other } from './server/client-labels/label-names.js';
export {
  type ClientLabelSource,
  type ClientLabelsOptions,
  clientLabelsProblem,
} from './server/client-labels/label-sources.js';
export { Connections } from './server/connections.js';
export { ExchangeQueue, type ExchangeQueueLimits, type RequestListener } from './server/exchange-queue.js';
export { isExpectedHost, isLoopback } from './server/expected-host.js';
export { foreignMetricsIn, writeForeignMetrics } from './server/foreign-metrics.js';
export type { WriteForeignMetricsOptions } from './server/foreign-renders.js';
export { defaultHttpLimits, type HttpLimits, nodeServerOptions } from './server/http-limits.js';
export type { ServerExtension } from './server/in-process-server.js';
export { listen, listeningUrl } from './server/listen.js';
export { startExtendedServer } from './server/metrics-server.js';
export type { Route } from './server/request-handler.js';
export type { ScrapeQuery } from './server/scrape-query.js';
export type { AdditionalMetrics, Scraped } from './server/scrape-source.js';
