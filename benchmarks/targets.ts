import type { OnNode, Results } from './results.js';

/** One number the library means to hold, and what this run measured. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly bound: number;
  readonly kind: 'at most' | 'at least';
  /** Default `×`, a ratio. */
  readonly unit?: string;
}

/** The targets of one version of Node: costs of calls, as ratios. */
export function callTargets({ costs }: OnNode): Target[] {
  const added = (name: string): number => costs.calls[name]!.median;
  const overFloor = (name: string): number => added(name) / added('floor');
  const belowPromClient = (name: string, by: string): number => added(by) / added(name);
  return [
    { what: '`@TrackNode` over the floor', measured: overFloor('node'), bound: 1.2, kind: 'at most' },
    {
      what: '`@TrackNode` below prom-client',
      measured: belowPromClient('node', 'prom-client'),
      bound: 9,
      kind: 'at least',
    },
    { what: '`@TrackRequest` over the floor', measured: overFloor('request'), bound: 1.8, kind: 'at most' },
    {
      what: '`@TrackRequest`, an answer with token counts, over the floor',
      measured: overFloor('request-usage'),
      bound: 2.5,
      kind: 'at most',
    },
    {
      what: '`@TrackRequest` below prom-client',
      measured: belowPromClient('request', 'prom-client'),
      bound: 6,
      kind: 'at least',
    },
    {
      what: '`@TrackNode`, labels computed, below prom-client',
      measured: belowPromClient('node-computed', 'prom-client-computed'),
      bound: 6,
      kind: 'at least',
    },
  ];
}

/** The targets of the read side: scrapes at the most series measured, and memory. */
export function readTargets({ scrapes, memory }: Pick<Results, 'scrapes' | 'memory'>): Target[] {
  const [ours, theirs] = scrapes.slice(-2);
  const perSeries = ({ heap, buffers, workers }: Results['memory']['tinyllm']): number => heap + buffers + workers;
  return [
    {
      what: `main-thread stall of ten scrapes of ${ours!.series} series, below prom-client`,
      measured: theirs!.stall.median / Math.max(ours!.stall.median, 0.1),
      bound: 20,
      kind: 'at least',
    },
    {
      what: `time of a scrape of ${ours!.series} series, below prom-client`,
      measured: theirs!.time.median / ours!.time.median,
      bound: 2,
      kind: 'at least',
    },
    {
      what: 'memory of a series, of what it takes prom-client',
      measured: perSeries(memory.tinyllm) / perSeries(memory['prom-client']),
      bound: 0.5,
      kind: 'at most',
    },
  ];
}

/** The target of an import, as whole processes. */
export function startTargets(starts: Results['starts']): Target[] {
  const processor = (name: string): number => starts[name]!.processor.median;
  return [
    {
      what: "processor time of `import 'tinyllm'`, of what `import 'prom-client'` takes",
      measured: processor("import 'tinyllm'") / processor("import 'prom-client'"),
      bound: 1.2,
      kind: 'at most',
    },
  ];
}

/** The targets of an installation of the core. */
export function installTargets({ tinyllm }: Results['installs']): Target[] {
  return [
    { what: 'installed size', measured: tinyllm!.mebibytes, bound: 12, kind: 'at most', unit: 'MiB' },
    { what: 'installed packages', measured: tinyllm!.packages, bound: 12, kind: 'at most', unit: '' },
  ];
}

/** Whether what was measured is within the target. */
export function isMet({ measured, bound, kind }: Target): boolean {
  return kind === 'at most' ? measured <= bound : measured >= bound;
}
