import { catalog } from 'tinyllm/catalog';
import { labelsOf } from './additional-labels.js';
import { quantileOf } from './histograms.js';
import { rateOf, type Scope, share } from './promql.js';

const secondsPerDay = 86_400;

/** The number of values of a label that a table shows. */
export const shownLabelValues = 20;

/** The text that a table shows for series without a value. */
const noValue = '(none)';

/**
 * Returns the queries that compare the values of an additional label.
 *
 * Each query returns one series per value, for the values with the most requests. Series without a value have the value
 * `(none)`.
 */
export function labelQueries(label: string, scope: Scope) {
  const requests = rateOf(catalog.requests, scope, [label]);
  const top = `topk(${shownLabelValues}, ${rateOf(...withValidName(label, scope), [label])})`;
  const compared = (expression: string) =>
    `label_replace(${expression} and ${top}, "${label}", "${noValue}", "${label}", "")`;
  return {
    requestRate: compared(requests),
    errorShare: compared(share(rateOf(catalog.errors, scope, [label]), requests)),
    latencyQuantile: compared(quantileOf(0.95, catalog.requestLatency, scope, [label])),
    outputTokenRate: compared(rateOf(catalog.outputTokens, scope, [label])),
    costPerDay: compared(`${rateOf(catalog.cost, scope, [label])} * ${secondsPerDay}`),
  } as const;
}

/**
 * Selects the requests without the real value `(none)`. With this value, the renamed series would not be unique, and
 * Prometheus would reject the query.
 */
function withValidName(label: string, scope: Scope) {
  const requests = { ...catalog.requests, labels: labelsOf(catalog.requests, [label]) };
  return [requests, { ...scope, matchers: { ...scope.matchers, [label]: `!="${noValue}"` } }] as const;
}
