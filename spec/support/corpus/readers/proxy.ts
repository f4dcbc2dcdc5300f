import type { ExchangeEnd } from '../../../../lib/proxy/forwarding/exchange-observer.js';
import { observeExchanges } from '../../../../lib/proxy/observation/observe-exchanges.js';
import type { CorpusCase } from '../corpus-case.js';
import { beginReading, type Reading, takeReading } from '../reading.js';
import { exchangeOf } from '../wire.js';
import type { CorpusReader } from './corpus-reader.js';

/** How the bytes of a response arrive at the proxy. */
export interface ProxyReading {
  /** The byte positions at which the response is split. Default: none. */
  readonly cuts?: readonly number[];
  /** The number of bytes of the response that arrive. Default: all. */
  readonly length?: number;
  readonly end?: ExchangeEnd;
}

/** Reads a case as the proxy does. Throws if the proxy does not observe the request. */
export async function readThroughProxy(
  one: CorpusCase,
  { cuts = [], length, end = 'complete' }: ProxyReading = {},
): Promise<Reading> {
  const exchange = exchangeOf(one);
  if (exchange === undefined) throw new TypeError(`${one.api} is not a network protocol`);
  beginReading();
  const head = { method: 'POST', target: exchange.path, headers: { 'x-tinyllm-graph': 'corpus' } };
  const observer = observeExchanges()(head);
  observer?.requestData(Buffer.from(exchange.request));
  observer?.requestEnd();
  observer?.answered({ status: exchange.status, headers: exchange.headers });
  const body = exchange.body.subarray(0, length);
  let from = 0;
  for (const cut of [...cuts, body.length]) {
    observer?.answerData(body.subarray(from, cut));
    from = cut;
  }
  observer?.ended(end);
  return takeReading();
}

/** The proxy's observer. */
export const proxy: CorpusReader = {
  name: 'proxy',
  accepts: (one) => exchangeOf(one) !== undefined,
  read: (one) => readThroughProxy(one),
};
