import type {
  CounterConfiguration,
  DefaultMetricsCollectorConfiguration,
  GaugeConfiguration,
  HistogramConfiguration,
  PrometheusContentType,
  SummaryConfiguration,
} from 'prom-client-original';
import {
  collectDefaultMetrics as collectOriginalDefaultMetrics,
  Counter as OriginalCounter,
  Gauge as OriginalGauge,
  Histogram as OriginalHistogram,
  Summary as OriginalSummary,
} from 'prom-client-original';
import { registry } from 'tinyllm';

const shared = { registers: [registry] };

/** The counter of prom-client. Its default registry is TinyLLM's. */
export class Counter<Label extends string = string> extends OriginalCounter<Label> {
  constructor(configuration: CounterConfiguration<Label>) {
    super({ ...shared, ...configuration });
  }
}

/** The gauge of prom-client. Its default registry is TinyLLM's. */
export class Gauge<Label extends string = string> extends OriginalGauge<Label> {
  constructor(configuration: GaugeConfiguration<Label>) {
    super({ ...shared, ...configuration });
  }
}

/** The histogram of prom-client. Its default registry is TinyLLM's. */
export class Histogram<Label extends string = string> extends OriginalHistogram<Label> {
  constructor(configuration: HistogramConfiguration<Label>) {
    super({ ...shared, ...configuration });
  }
}

/** The summary of prom-client. Its default registry is TinyLLM's. */
export class Summary<Label extends string = string> extends OriginalSummary<Label> {
  constructor(configuration: SummaryConfiguration<Label>) {
    super({ ...shared, ...configuration });
  }
}

/** Collects prom-client's default metrics, such as CPU time and memory. The default registry is TinyLLM's. */
export function collectDefaultMetrics(
  configuration: DefaultMetricsCollectorConfiguration<PrometheusContentType> = {},
): void {
  collectOriginalDefaultMetrics({ register: registry, ...configuration });
}
