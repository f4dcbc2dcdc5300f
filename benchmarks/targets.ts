import type { OnNode, Results } from './results.js';
import { type MetricOperation, metricOperations } from './subjects/custom-metrics.js';

/** A performance target of the library, and the value that this run measured. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly bound: number;
  readonly kind: 'at most' | 'at least';
  /** Default: `×`, a ratio. */
  readonly unit?: string;
}

/** The targets for the cost of calls on one version of Node, as ratios. */
export function callTargets({ costs }: OnNode): Target[] {
  const added = (name: string): number => costs.calls[name]!.median;
  const relativeToFloor = (name: string): number => added(name) / added('floor');
  const timesFaster = (name: string, by: string): number => added(by) / added(name);
  return [
    { what: '`@TrackNode` compared with the floor', measured: relativeToFloor('node'), bound: 1.2, kind: 'at most' },
    {
      what: '`@TrackNode` faster than prom-client',
      measured: timesFaster('node', 'prom-client'),
      bound: 9,
      kind: 'at least',
    },
    {
      what: '`@TrackRequest` compared with the floor',
      measured: relativeToFloor('request'),
      bound: 1.8,
      kind: 'at most',
    },
    {
      what: '`@TrackRequest`, a result with token counts, compared with the floor',
      measured: relativeToFloor('request-usage'),
      bound: 2.5,
      kind: 'at most',
    },
    {
      what: '`@TrackRequest` faster than prom-client',
      measured: timesFaster('request', 'prom-client'),
      bound: 6,
      kind: 'at least',
    },
    {
      what: '`@TrackNode`, labels computed, faster than prom-client',
      measured: timesFaster('node-computed', 'prom-client-computed'),
      bound: 6,
      kind: 'at least',
    },
  ];
}

/** The targets for operations on metrics of the application on one version of Node. */
export function metricTargets({ metrics }: OnNode): Target[] {
  const [ours, dropIn, theirs] = ['tinyllm', '@tinyllm/prom-client', 'prom-client'] as const;
  const costOf = (operation: MetricOperation, library: string): number => metrics[operation][library]!.median;
  const faster = metricOperations.map(
    (operation): Target => ({
      what: `${operation}, @tinyllm/prom-client faster than prom-client`,
      measured: costOf(operation, theirs) / costOf(operation, dropIn),
      bound: 1,
      kind: 'at least',
    }),
  );
  return [
    {
      what: 'bound counter of tinyllm, `inc()`',
      measured: costOf('bound counter, `inc()`', ours),
      bound: 15,
      kind: 'at most',
      unit: 'ns',
    },
    {
      what: 'bound histogram of tinyllm, `observe(v)`',
      measured: costOf('bound histogram, `observe(v)`', ours),
      bound: 30,
      kind: 'at most',
      unit: 'ns',
    },
    ...faster,
  ];
}

/** The targets for scrapes, at the largest measured number of series, and for memory. */
export function readTargets({ scrapes, memory }: Pick<Results, 'scrapes' | 'memory'>): Target[] {
  const [ours, theirs] = scrapes.slice(-2);
  const perSeries = ({ heap, buffers, workers }: Results['memory']['tinyllm']): number => heap + buffers + workers;
  return [
    {
      what: `main-thread stall of ten scrapes of ${ours!.series} series, shorter than with prom-client`,
      measured: theirs!.stall.median / Math.max(ours!.stall.median, 0.1),
      bound: 20,
      kind: 'at least',
    },
    {
      what: `time of a scrape of ${ours!.series} series, shorter than with prom-client`,
      measured: theirs!.time.median / ours!.time.median,
      bound: 2,
      kind: 'at least',
    },
    {
      what: 'memory of a series, compared with prom-client',
      measured: perSeries(memory.tinyllm) / perSeries(memory['prom-client']),
      bound: 0.5,
      kind: 'at most',
    },
  ];
}

/** The target for the processor time of a process that imports the package. */
export function startTargets(starts: Results['starts']): Target[] {
  const processor = (name: string): number => starts[name]!.processor.median;
  return [
    {
      what: "processor time of `import 'tinyllm'`, compared with `import 'prom-client'`",
      measured: processor("import 'tinyllm'") / processor("import 'prom-client'"),
      bound: 1.2,
      kind: 'at most',
    },
  ];
}

/** The targets for the installed core. */
export function installTargets({ tinyllm }: Results['installs']): Target[] {
  return [
    { what: 'installed size', measured: tinyllm!.mebibytes, bound: 12, kind: 'at most', unit: 'MiB' },
    { what: 'installed packages', measured: tinyllm!.packages, bound: 12, kind: 'at most', unit: '' },
  ];
}

/** Whether the measured value meets the target. */
export function isMet({ measured, bound, kind }: Target): boolean {
  return kind === 'at most' ? measured <= bound : measured >= bound;
}
