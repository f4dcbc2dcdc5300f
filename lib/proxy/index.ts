/**
 * The public API of `@tinyllm/proxy`.
 *
 * @module
 */
export type { ClientLabelSource, ClientLabelsOptions } from 'tinyllm/server';
export { ProxySettingsError, UpstreamError, type UpstreamFailure } from './errors/proxy-errors.js';
export type {
  AnswerHead,
  ExchangeEnd,
  ExchangeHead,
  ExchangeObserver,
  ObserveExchange,
} from './forwarding/exchange-observer.js';
export type { ProxyOptions, RunningProxy } from './forwarding/start-proxy.js';
export { startProxy } from './forwarding/start-proxy.js';
export type { UpstreamContact } from './forwarding/upstream-health.js';
export type { ObserveExchangesOptions } from './observation/observe-exchanges.js';
export { observeExchanges } from './observation/observe-exchanges.js';
