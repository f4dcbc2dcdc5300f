import type { MetricsCollector } from '../collector/collector.js';
import { TinyLLMError } from '../errors/tinyllm-error.js';
import type { LabelOption } from './call-options.js';
import { countInstrumentationError, ignoreRejection } from './call-series.js';

/** The option for a label. The fallback is used if the option is missing, returns nothing or throws. */
export interface LabelSource {
  /** The name of the option. */
  readonly name: string;
  readonly option: LabelOption | undefined;
  readonly fallback: LabelOption;
  /** Whether the running graph is used before the fallback, if `graphContext` is set. */
  readonly inheritsGraph?: boolean;
  /** Whether a function may return undefined. Otherwise, this is reported. */
  readonly isOptional?: boolean;
}

/** The place of a label function, for reports. */
export interface CallSite {
  /** The decorator or function, such as `@TrackRequest`. */
  readonly decorator: string;
  /** The name of the method or function. */
  readonly method: string;
}

/** The default name of a node or graph: the instance's `id`, then its `name`, then its class name. */
export function instanceName(self: { id?: unknown; name?: unknown } | undefined): string {
  return nameIn(self?.id) ?? nameIn(self?.name) ?? nameIn(self?.constructor?.name) ?? 'unknown';
}

function nameIn(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
}

/** One label of a call. Its value never throws. */
export class CallLabel {
  /** The classes for which a missing value was reported. */
  #reported: WeakSet<object> | undefined;

  constructor(
    private readonly source: LabelSource,
    private readonly collector: MetricsCollector,
    private readonly site: CallSite | undefined,
  ) {}

  /** `graph` is the name of the running graph, if there is one and `graphContext` is set. */
  value(self: unknown, args: readonly unknown[], graph?: string): string {
    const { option, fallback, inheritsGraph } = this.source;
    return (
      this.#resolve(option, self, args) ??
      (inheritsGraph ? graph : undefined) ??
      this.#resolve(fallback, self, args) ??
      'unknown'
    );
  }

  #resolve(option: LabelOption | undefined, self: unknown, args: readonly unknown[]): string | undefined {
    if (typeof option !== 'function') return option;
    try {
      const value: unknown = option(self, args);
      if (typeof value === 'string') return value;
      if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
      // Null means that the call has no value of its own.
      if (value === null) return undefined;
      if (value === undefined) {
        // The first call of each class counts as an error, so that `tinyllm doctor` can mention it.
        const isNew = !this.source.isOptional && this.#report(self, 'returned undefined');
        if (isNew) countInstrumentationError(this.collector, 'label');
        return undefined;
      }
      const isPromise = ignoreRejection(value);
      this.#report(self, `returned ${isPromise ? 'a promise' : `a value of type ${typeof value}`}`);
    } catch (error) {
      this.#report(self, 'threw an error', error);
    }
    countInstrumentationError(this.collector, 'label');
    return undefined;
  }

  /** Reports a problem once per class. Returns whether it is the first one of the class. Never throws. */
  #report(self: unknown, problem: string, cause?: unknown): boolean {
    if (this.site === undefined) return false;
    try {
      const type: unknown = typeof self === 'function' ? self : Object(self).constructor;
      const key = typeof type === 'function' && self !== undefined ? type : this.site;
      this.#reported ??= new WeakSet();
      if (this.#reported.has(key)) return false;
      this.#reported.add(key);
      const { decorator, method } = this.site;
      const place = typeof key === 'function' ? `${key.name}.${method}` : method;
      const message = `The option ${JSON.stringify(this.source.name)} of ${decorator} on ${place} ${problem}; expected a string, or null for the default value. The label has its default value in such calls.`;
      this.collector.problems?.report(new TinyLLMError(message, { cause }));
      return true;
    } catch {
      return false;
    }
  }
}
