import { registry } from '../../lib/core/metrics/shared-registry.js';

/** The samples a scrape shows for a graph, buckets and sums aside, with the graph's label left out. */
export async function graphSamples(graph: string): Promise<Record<string, number>> {
  const shown: Record<string, number> = {};
  for (const line of (await registry.metrics()).split('\n')) {
    const [, name = '', labels = '', value = ''] = /^(\w+){(.*)} (\S+)$/.exec(line) ?? [];
    if (!labels.includes(`graph="${graph}"`) || /_(bucket|sum)$/.test(name)) continue;
    const others = labels.split(',').filter((label) => !label.startsWith('graph='));
    shown[[name, ...others].join(' ')] = Number(value);
  }
  return shown;
}
