import type { Target } from '../targets.js';
import type { LabelCosts } from './label-costs.js';

/** The first major version of Node whose `AsyncLocalStorage` needs no hooks of promises. */
const FAST_CONTEXT_NODE = 24;

/** The targets for wrappers, lookups of labels, and metrics that are off. */
export function labelTargets({ version, costs }: LabelCosts): Target[] {
  const targets: Target[] = [
    {
      what: '`trackNode(fn)` compared with `@TrackNode`',
      measured: costs.plain.wrapper!.median / costs.plain.node!.median,
      bound: 1.05,
      kind: 'at most',
    },
    {
      what: '`TINYLLM_METRICS=off`, `@TrackNode`',
      measured: costs.off.node!.median,
      bound: 1,
      kind: 'at most',
      unit: 'ns',
    },
  ];
  if (Number.parseInt(version.replace('v', ''), 10) < FAST_CONTEXT_NODE) return targets;
  return [
    ...targets,
    {
      what: '`currentLabels()` inside `withLabels`',
      measured: costs.contexts.currentLabels!.median,
      bound: 40,
      kind: 'at most',
      unit: 'ns',
    },
  ];
}
