import type { Metric, Registry } from 'prom-client-original';
import { type StandIn, standInFor } from './foreign-stand-in.js';
import { type Instrument, isInstrument } from './instrument.js';
import { PromClientRegistry } from './prom-client-registry.js';
import { readForeign } from './read-foreign.js';

/** A metric in a form that prom-client's registry can render. */
export type RenderableMetric = StandIn | Instrument;

/** The metrics to render, and how. */
export interface RenderOptions {
  /** All metrics of a registry, in the order of registration. */
  readonly metrics: readonly unknown[];
  /** The foreign metrics among them, with the names under which they were registered. */
  readonly foreign: readonly { readonly name: string; readonly metric: object }[];
  readonly defaultLabels: Readonly<Record<string, string>>;
  /** The type of a metric without a known type. */
  readonly untyped: 'unknown' | 'untyped';
  /** Reads the current data of a foreign metric. */
  readonly read: (metric: object) => unknown;
}

/** The rendered metrics without the omitted ones, and the number of foreign metrics with problems. */
export interface RenderedMetrics<Rendered> {
  readonly rendered: readonly Rendered[];
  readonly errors: number;
}

/**
 * Renders each metric of a registry. Repairs or omits foreign metrics that fail, hang or return invalid data. In names,
 * `_` replaces each character that the formats of prom-client don't have.
 *
 * TinyLLM's own metrics are rendered at once, so that their values are those at the time of the call.
 */
export async function renderEach<Rendered>(
  { metrics, foreign, defaultLabels, untyped, read }: RenderOptions,
  render: (metric: RenderableMetric) => Promise<Rendered>,
): Promise<RenderedMetrics<Rendered>> {
  const own = metrics.filter(isInstrument);
  const unchecked = foreign.map(({ name, metric }) => ({ name, read: () => read(metric) }));
  const reading = readForeign(unchecked, { defaultLabels, reservedNames: own.map(({ name }) => name), names: 'plain' });
  const indexOf = new Map<unknown, number>(foreign.map(({ metric }, index) => [metric, index]));
  let errors = 0;
  const all = [...new Set(metrics)].map(async (metric) => {
    const index = indexOf.get(metric);
    if (index === undefined) return [await render(metric as Instrument)];
    const one = (await reading)[index]!;
    const standIn = standInFor(one, untyped);
    const result = standIn === undefined ? undefined : await render(standIn).catch(() => undefined);
    if (one.isRepaired || result === undefined) errors++;
    return result === undefined ? [] : [result];
  });
  const rendered = (await Promise.all(all)).flat() as Rendered[];
  return { rendered, errors };
}

/** Creates a prom-client registry with a single metric and the settings of another registry. */
export function registryOf(
  metric: RenderableMetric,
  { contentType, defaultLabels }: Pick<Registry, 'contentType'> & Pick<RenderOptions, 'defaultLabels'>,
): Registry {
  const single = new PromClientRegistry();
  single.setContentType(contentType);
  single.setDefaultLabels({ ...defaultLabels });
  single.registerMetric(metric as unknown as Metric);
  return single;
}

/** Reads a foreign metric for JSON. */
export function readValues(metric: object): unknown {
  return (metric as { get(): unknown }).get();
}

/** Reads a foreign metric for text. prom-client's histograms have a separate method for it. */
export function readForText(metric: object): unknown {
  const { getForPromString } = metric as { getForPromString?(): unknown };
  return typeof getForPromString === 'function' ? getForPromString.call(metric) : readValues(metric);
}
