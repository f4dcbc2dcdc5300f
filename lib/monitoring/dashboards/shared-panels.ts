import { shownQuantiles } from '../queries/queries.js';
import type { HistogramVariant } from '../settings/histogram-variant.js';
import type { PanelPlan, PanelQuery } from './panel-plan.js';

/** The panel of latency percentiles, for several dashboards. */
export function latencyPercentiles(latencyQuantile: (quantile: number) => string): PanelPlan {
  return {
    title: 'Latency percentiles',
    description: 'Request latency: p50, p95 and p99.',
    kind: 'lines',
    unit: 's',
    queries: shownQuantiles.map((quantile) => ({
      expression: latencyQuantile(quantile),
      legend: `p${quantile * 100}`,
    })),
    alert: 'TinyLLMLatencyBudgetBurnFast',
  };
}

/** The panel of input and output tokens, for several dashboards. */
export function tokenThroughput(rates: {
  readonly inputTokenRate: string;
  readonly outputTokenRate: string;
}): PanelPlan {
  return {
    title: 'Token throughput',
    description: 'Input and output tokens per second.',
    kind: 'area',
    unit: 'short',
    queries: [
      { expression: rates.inputTokenRate, legend: 'input' },
      { expression: rates.outputTokenRate, legend: 'output' },
    ],
  };
}

/**
 * The query of a heatmap of requests. Grafana reads the bucket bounds from the legend if the histogram is classic, and
 * from the samples if it is native.
 */
export function requestBuckets(expression: string, histograms: HistogramVariant): PanelQuery {
  return { expression, legend: histograms === 'native' ? 'requests' : '{{le}}' };
}
