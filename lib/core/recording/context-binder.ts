import { TinyLLMError } from '../errors/tinyllm-error.js';
import { type CallContext, callContext } from '../metrics/call-context.js';
import type { Meter } from '../metrics/meter.js';
import { BoundTree } from './bound-tree.js';
import { CallLabel } from './call-label.js';
import type { CallSeries } from './call-series.js';
import type { LabelPlan } from './label-plan.js';
import { undeclaredAdvice } from './undeclared-label.js';

/** A label that integrations and clients always state. It is ignored without a report if it is not declared. */
const PROVIDER = 'provider';

/** Finds the series of calls whose labels depend on the context: additional labels, or the running graph. */
export class ContextBinder<Series extends CallSeries> {
  readonly #meter: Meter;
  readonly #labels: readonly CallLabel[];
  readonly #additional: readonly { readonly name: string; readonly label: CallLabel | undefined }[];
  readonly #bound: BoundTree<Series>;
  /** Whether the labels depend only on the context. The latest series is then kept with its context. */
  readonly #isFixed: boolean;
  #context: object | undefined;
  #latest: Series | undefined;

  private constructor({ sources, additional = {}, collector, site, create }: LabelPlan<Series>) {
    this.#bound = new BoundTree(create);
    this.#meter = collector.meter;
    this.#labels = sources.map((source) => new CallLabel(source, collector, site));
    this.#additional = this.#meter.labels.map((name) => {
      const option = Object.hasOwn(additional, name) ? additional[name] : undefined;
      const source = { name: `labels.${name}`, option, fallback: '', isOptional: true };
      return { name, label: option === undefined ? undefined : new CallLabel(source, collector, site) };
    });
    this.#isFixed =
      sources.every(({ option, fallback }) => typeof (option ?? fallback) === 'string') &&
      this.#meter.labels.every((name) => !Object.hasOwn(additional, name) || typeof additional[name] !== 'function');
  }

  /** Returns undefined if the labels don't depend on the context. Reports labels that are not declared. */
  static for<Series extends CallSeries>(plan: LabelPlan<Series>): ContextBinder<Series> | undefined {
    // An older copy of the package that was loaded first has no such settings.
    const { labels = [], graphContext = false } = plan.collector.meter;
    reportUndeclared(plan, labels);
    return labels.length > 0 || graphContext ? new ContextBinder(plan) : undefined;
  }

  find(self: unknown, args: readonly unknown[]): Series {
    const context = callContext.getStore();
    if (this.#latest !== undefined && this.#context === context) return this.#latest;
    const values = this.#values(self, args, context);
    const known = this.#bound.find(values);
    if (known === undefined) return this.#bound.add(values);
    if (this.#isFixed) {
      this.#context = context;
      this.#latest = known;
    }
    return known;
  }

  #values(self: unknown, args: readonly unknown[], context: CallContext | undefined): readonly string[] {
    const graph = this.#meter.graphContext ? context?.graph : undefined;
    const values: string[] = [];
    for (let index = 0; index < this.#labels.length; index++) {
      values.push(this.#labels[index]!.value(self, args, graph));
    }
    for (let index = 0; index < this.#additional.length; index++) {
      const { name, label } = this.#additional[index]!;
      const own = label === undefined ? '' : label.value(self, args);
      values.push(own === '' ? (context?.labels[name] ?? '') : own);
    }
    return values;
  }
}

function reportUndeclared(
  { additional = {}, collector, site }: LabelPlan<CallSeries>,
  declared: readonly string[],
): void {
  if (site === undefined) return;
  const { decorator, method } = site;
  for (const name of Object.keys(additional)) {
    if (name === PROVIDER || declared.includes(name)) continue;
    const label = JSON.stringify(name);
    collector.problems?.report(
      new TinyLLMError(
        `The option "labels" of ${decorator} on ${method} contains ${label}; ${undeclaredAdvice(declared)} The label is omitted.`,
      ),
    );
  }
}
