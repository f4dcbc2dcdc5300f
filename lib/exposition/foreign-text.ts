import { escapeLabelValue, formatValue } from './escape.js';
import type { DefaultLabels } from './family.js';
import { writeHeader } from './text.js';

/** One sample as prom-client's metrics give it. */
interface ForeignValue {
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly value: number;
  /** The sample's name where it is not the metric's. */
  readonly metricName?: string;
}

/** A metric the application registered itself, under the name it was registered with. */
export interface ForeignMetric {
  readonly name: string;
  readonly metric: {
    get(): Promise<{ readonly help: string; readonly type: string; readonly values: readonly ForeignValue[] }>;
  };
}

/**
 * Writes a metric of the application's own in the Prometheus text format 0.0.4.
 *
 * Not left to prom-client, whose words depend on the format its registry was last scraped in and which spells NaN in
 * a way of its own. A metric that cannot be collected is named in a comment.
 */
export async function writeForeignText(
  { name, metric }: ForeignMetric,
  defaultLabels: DefaultLabels = {},
): Promise<string> {
  try {
    const { help, type, values } = await metric.get();
    const samples = values.map(({ labels, value, metricName }) => {
      const text = labelText({ ...labels, ...defaultLabels, ...labels });
      return `${metricName ?? name}${text && `{${text}}`} ${formatValue(value)}\n`;
    });
    return writeHeader(name, help, type) + samples.join('');
  } catch {
    return `# The metric ${name} could not be collected.\n`;
  }
}

function labelText(labels: Readonly<Record<string, unknown>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}="${escapeLabelValue(String(value))}"`)
    .join(',');
}
