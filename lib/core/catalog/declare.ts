import type { Aggregation, MetricKind } from '../metrics/descriptor.js';

/** Declares a total that never decreases. */
export const counter = declare('counter');
/** Declares a value that can increase and decrease. The values of several threads and processes are added. */
export const gauge = declare('gauge');
/** Declares a gauge that is set to a state. The values of several threads and processes are added. */
export const stateGauge = declare('gauge', 'sum', true);
/** Declares a gauge that is set to a state. If several threads or processes have a value, the highest is used. */
export const maxGauge = declare('gauge', 'max', true);
/** Declares a distribution with its buckets. */
export const histogram = declare('histogram');
/** Declares facts, as labels. */
export const info = declare('info');

function declare<const Kind extends MetricKind>(kind: Kind, aggregation: Aggregation = 'sum', state = false) {
  return <const Labels extends readonly string[]>(
    name: string,
    labels: Labels,
    help: string,
    buckets?: readonly number[],
  ) => ({
    ...{ kind, name, labels, help, aggregation, state },
    // All metrics of requests, nodes, graphs and tools have this label, except for those that use `perCall`.
    perCall: labels.includes('graph'),
    ...unitOf(name),
    ...(buckets && { buckets }),
  });
}

/** Declares that a metric without the label `graph` is recorded for each call. */
export function perCall<Metric extends object>(metric: Metric) {
  return { ...metric, perCall: true };
}

function unitOf(name: string): { readonly unit?: string } {
  const unit = /_(seconds|bytes|tokens|usd)(_total)?$/.exec(name)?.[1];
  return unit === undefined ? {} : { unit };
}
