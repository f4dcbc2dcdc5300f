import { registry } from '../../lib/core/metrics/shared-registry.js';

/** The samples of a graph in a scrape, without buckets and sums. The keys omit the `graph` label. */
export async function graphSamples(graph: string): Promise<Record<string, number>> {
  const samples: Record<string, number> = {};
  for (const line of (await registry.metrics()).split('\n')) {
    const [, name = '', labels = '', value = ''] = /^(\w+){(.*)} (\S+)$/.exec(line) ?? [];
    if (!labels.includes(`graph="${graph}"`) || /_(bucket|sum)$/.test(name)) continue;
    const others = labels.split(',').filter((label) => !label.startsWith('graph='));
    samples[[name, ...others].join(' ')] = Number(value);
  }
  return samples;
}
