import { catalog } from 'tinyllm/catalog';
import { z } from 'zod';
import type { Reading } from '../top/reading.js';
import type { TopUrl } from '../top/top-url.js';
import { type Finding, note, ok } from './finding.js';
import { askPrometheus, prometheusBase } from './prometheus-api.js';

/** The result of a query. Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
const responseSchema = z.object({ data: z.object({ result: z.array(z.unknown()) }) });

const histograms = Object.values(catalog).flatMap(({ name, kind }) => (kind === 'histogram' ? [name] : []));
/** Finds series of native histograms. Those of classic histograms have names that end in _bucket, _sum or _count. */
const query = `group by (__name__) ({__name__=~"${histograms.join('|')}"})`;

/**
 * Checks whether the endpoint of a reading serves native histograms, and whether a Prometheus stores them. Returns nothing
 * for classic histograms, which are the default.
 *
 * @param prometheus The Prometheus to check, if any. Another check reports that it doesn't respond.
 */
export async function checkNativeHistograms(
  { families }: Reading,
  prometheus: TopUrl | undefined,
): Promise<readonly Finding[]> {
  const native = [...families.values()].filter((family) =>
    [...family.values()].some((series) => series.native !== undefined),
  );
  if (native.length === 0) return [];
  const served = ok('native', `the endpoint serves native histograms: ${native.length}`);
  if (prometheus === undefined) return [served];
  const stored = await countStored(prometheus).catch(() => undefined);
  if (stored === undefined) return [served];
  const base = prometheusBase(prometheus);
  if (stored > 0) return [served, ok('native', `${base} stores native histograms of TinyLLM: ${stored}`)];
  const fix = 'set scrape_native_histograms: true in the scrape job, and wait for the next scrape';
  return [served, note('native', `${base} stores no native histograms of TinyLLM`, fix)];
}

/** Returns the number of native histograms in a Prometheus, or undefined if the response is not from Prometheus. */
async function countStored(prometheus: TopUrl): Promise<number | undefined> {
  const answer = await askPrometheus(prometheus, 'query', `query=${encodeURIComponent(query)}`);
  return responseSchema.safeParse(answer).data?.data.result.length;
}
