import { BoundTree } from './bound-tree.js';
import { CallLabel } from './call-label.js';
import type { CallSeries } from './call-series.js';
import { ContextBinder } from './context-binder.js';
import type { LabelPlan, SeriesBinder } from './label-plan.js';

/**
 * Binds label values to series.
 *
 * If every label is a fixed string, the series is bound once: at the first call or before the metrics are first read,
 * whichever is earlier. Otherwise, each call looks up its series in a tree and adds it if it is new.
 *
 * With additional labels or `graphContext`, the labels depend on the context of the call. The configuration can change
 * this until the first call.
 */
export function bindLabels<Series extends CallSeries>(plan: LabelPlan<Series>): SeriesBinder<Series> {
  const fixed = plan.sources.map(({ option, fallback }) => option ?? fallback);
  return fixed.every((source) => typeof source === 'string') ? bindFixed(fixed, plan) : bindComputed(plan);
}

function bindFixed<Series extends CallSeries>(
  values: readonly string[],
  plan: LabelPlan<Series>,
): SeriesBinder<Series> {
  let bound: Series | undefined;
  let inContext: ContextBinder<Series> | undefined;
  const find: SeriesBinder<Series> = (self, args) => {
    inContext ??= ContextBinder.for(plan);
    if (inContext !== undefined) return inContext.find(self, args);
    bound ??= plan.create(values);
    return bound;
  };
  plan.collector.meter.onFirstRead(() => {
    inContext ??= ContextBinder.for(plan);
    if (inContext === undefined) bound ??= plan.create(values);
  });
  return (self, args) => bound ?? find(self, args);
}

function bindComputed<Series extends CallSeries>(plan: LabelPlan<Series>): SeriesBinder<Series> {
  const { sources, collector, site } = plan;
  const bound = new BoundTree<Series>(plan.create);
  const labels = sources.map((source) => new CallLabel(source, collector, site));
  let inContext: ContextBinder<Series> | undefined;
  /** Whether the first call has determined that the context is not needed. */
  let isPlain = false;
  const decide: SeriesBinder<Series> = (self, args) => {
    inContext ??= ContextBinder.for(plan);
    if (inContext !== undefined) return inContext.find(self, args);
    isPlain = true;
    return bound.bind(labels.map((label) => label.value(self, args)));
  };
  const [first, second, third] = labels as [CallLabel, CallLabel, CallLabel];
  // Calls have up to three labels. Each number of labels has its own function, because the function runs at each call.
  if (labels.length === 1) {
    return (self, args) => (isPlain ? bound.bind([first.value(self, args)]) : decide(self, args));
  }
  if (labels.length === 2) {
    return (self, args) =>
      isPlain ? bound.bind([first.value(self, args), second.value(self, args)]) : decide(self, args);
  }
  if (labels.length === 3) {
    return (self, args) =>
      isPlain
        ? bound.bind([first.value(self, args), second.value(self, args), third.value(self, args)])
        : decide(self, args);
  }
  return decide;
}
