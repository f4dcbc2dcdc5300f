import type { DefaultLabels, ForeignData, ForeignMetric } from './foreign-metric.js';
import { writeForeignSamples } from './foreign-samples.js';
import { typesWithoutClash } from './foreign-types.js';
import type { Format } from './format.js';

/** The application's own metrics as text, and those that are not in it. */
export interface ForeignText {
  readonly text: string;
  /** Names of the metrics whose `collect` threw, or which the format has no place for beside the others. */
  readonly failed: readonly string[];
}

/**
 * Writes the application's own metrics in a format.
 *
 * Not left to prom-client, whose words depend on the format its registry was last scraped in and which spells NaN in
 * a way of its own. A metric that cannot be collected is left out; the text format names it in a comment.
 */
export async function writeForeign(
  metrics: readonly ForeignMetric[],
  format: Format,
  defaultLabels: DefaultLabels = {},
): Promise<ForeignText> {
  const results = await Promise.allSettled(metrics.map(async ({ metric }) => metric.get()));
  const found = metrics.map(({ name }, index) => {
    const result = results[index];
    return { name, data: result?.status === 'fulfilled' ? result.value : undefined };
  });
  const named = found.map(({ name, data }) => ({ name, type: data?.type ?? 'unknown' }));
  const types = format.strict ? typesWithoutClash(named) : named.map(({ type }) => type);
  const failed: string[] = [];
  let text = '';
  found.forEach(({ name, data }, index) => {
    const written = data ? writeMetric({ name, data, type: types[index] }, format, defaultLabels) : undefined;
    if (written === undefined) failed.push(name);
    text += written ?? format.remark(`The metric ${name} could not be collected.`);
  });
  return { text, failed };
}

/** A metric as text; `undefined` when it has no type to go by, or gave what is no metric's data. */
function writeMetric(
  { name, data, type }: { readonly name: string; readonly data: ForeignData; readonly type: string | undefined },
  format: Format,
  defaultLabels: DefaultLabels,
): string | undefined {
  if (type === undefined) return undefined;
  try {
    const samples = writeForeignSamples({ name, data: { ...data, type } }, format, defaultLabels);
    return format.header({ name, help: String(data.help ?? ''), type }) + samples;
  } catch {
    return undefined;
  }
}
