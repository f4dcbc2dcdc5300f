import { parseText } from '../parse-text.js';
import type { QueryHistogram, RunningPrometheus } from '../prometheus.js';

/** The samples of one job, by their names and labels in a form that is the same in all protocols. */
export interface StoredSamples {
  readonly classic: Map<string, string>;
  readonly native: ReadonlyMap<string, QueryHistogram>;
}

/** The type, help and unit of a metric. */
export interface StoredMetadata {
  readonly metric: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** Metrics of a scrape itself, and those whose values change with each scrape. */
const CHANGING = /^(up$|scrape_|tinyllm_scrape_)/;

/**
 * Returns the name that a metric has in all protocols: `_total` and `_info` are omitted, and each character that is not
 * plain is replaced by `_`.
 */
export function commonName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_:]/gu, '_').replace(/_(total|info)$/, '');
}

/** Reads the last samples of a job, without the labels `job` and `instance`. */
export async function storedSamples(prometheus: RunningPrometheus, job: string): Promise<StoredSamples> {
  const classic = new Map<string, string>();
  const native = new Map<string, QueryHistogram>();
  for (const { metric, value, histogram } of await prometheus.query(`{job=${JSON.stringify(job)}}`)) {
    const { __name__: name = '', job: _job, instance: _instance, ...labels } = metric;
    if (CHANGING.test(name)) continue;
    const key = commonKey(name, labels);
    if (histogram !== undefined) native.set(key, histogram);
    else classic.set(key, value);
  }
  return { classic, native };
}

/** Returns the samples that Prometheus must store from a scrape in the text format 0.0.4. */
export function samplesOfText(text: string): ReadonlyMap<string, string> {
  const samples = parseText(text)
    .flatMap((family) => family.samples)
    .filter(({ name }) => !CHANGING.test(name));
  return new Map(samples.map(({ name, labels, value }) => [commonKey(name, labels), shownNumber(value)]));
}

/** Prometheus ignores empty labels. It writes bounds and quantiles as numbers with a decimal point. */
function commonKey(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .filter(([, text]) => text !== '')
    .map(([label, text]) => [commonName(label), /^(le|quantile)$/.test(label) ? shownNumber(Number(text)) : text]);
  return `${commonName(name)} ${JSON.stringify(pairs.sort())}`;
}

function shownNumber(value: number): string {
  return String(value);
}

/** Reads the names of a job's metrics, without those of the scrape. */
export async function storedNames(prometheus: RunningPrometheus, job: string): Promise<string[]> {
  const names = await prometheus.read('label/__name__/values', { 'match[]': `{job=${JSON.stringify(job)}}` });
  return (names as string[]).filter((name) => !CHANGING.test(name)).sort();
}

/** Reads the metadata of a job's metrics, by their names in all protocols. */
export async function storedMetadata(prometheus: RunningPrometheus, job: string): Promise<Map<string, StoredMetadata>> {
  const read = await prometheus.read('targets/metadata', { match_target: `{job=${JSON.stringify(job)}}` });
  return new Map((read as StoredMetadata[]).map((one) => [commonName(one.metric), one]));
}
