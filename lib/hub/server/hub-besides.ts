import { refreshRegistry } from '../../core/aggregation/follow-registry.js';
import { metricFilter } from '../../core/formats/filter.js';
import { writeForeign } from '../../core/formats/foreign.js';
import type { ForeignMetric } from '../../core/formats/foreign-metric.js';
import { FORMATS } from '../../core/formats/formats.js';
import type { SharedRegistry } from '../../core/metrics/shared-registry.js';
import type { Besides } from '../../core/server/scrape-source.js';
import { addSums } from '../sums/add-sums.js';
import type { Hub } from './hub.js';

/** What a hub's scrape has besides the process's own metrics: the sums of what was pushed. */
export function hubBesides(hub: Hub, registry: SharedRegistry): Besides {
  return {
    refresh: () => refreshRegistry(registry),
    isThere: () => true,
    add: async (own, { format, names }) => {
      const sums = await hub.sums();
      const registered = registry.foreignMetrics() as ForeignMetric[];
      const { families, foreign } = addSums({ families: own, foreign: registered }, sums);
      const isAskedFor = metricFilter(names);
      const asked = foreign.filter(({ name, metric }) => {
        const { type = 'untyped' } = metric as { readonly type?: string };
        return isAskedFor({ name, type });
      });
      const { text } = await writeForeign(asked, FORMATS[format], registry.defaultLabels);
      return { families, text };
    },
  };
}
