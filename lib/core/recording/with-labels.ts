import { getMetricsCollector } from '../collector/shared-collector.js';
import { shownOption } from '../errors/check-option-types.js';
import { MetricsConfigurationError } from '../errors/errors.js';
import { type CallContext, callContext, copyLabels, NO_LABELS } from '../metrics/call-context.js';
import { copyPromise } from './copy-promise.js';
import { isPlainPromise } from './is-plain-promise.js';
import { keepContext } from './keep-context.js';
import { undeclaredAdvice } from './undeclared-label.js';

/**
 * Runs a function. The metrics of all requests, nodes, graphs and tools inside it have the given labels.
 *
 * The labels also apply after an `await`, in timers, and in streams that the function returns, wherever they are read.
 * Inner calls of `withLabels` add labels or replace their values. An undefined value changes nothing, and an empty string
 * removes the label.
 *
 * Returns the result of the function, or throws its error. If the result is a plain promise, the caller receives another
 * promise of the same value, as from a decorated method.
 *
 * It uses `AsyncLocalStorage`. On Node 20 and 22, the first call makes every later `await` of the process slower.
 *
 * @throws {MetricsConfigurationError} if a label was not declared with `configureMetrics({ labels })`, if a value is not a
 * string, number, boolean or undefined, or if there is no function.
 */
export function withLabels<Result>(
  labels: Readonly<Record<string, string | number | boolean | undefined>>,
  work: () => Result,
): Result {
  if (typeof work !== 'function') {
    throw invalid('', work, "a function as the second argument: write withLabels({ tenant: 'acme' }, () => …)");
  }
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    throw invalid('', labels, "an object of labels, such as { tenant: 'acme' }");
  }
  const { meter } = getMetricsCollector();
  const outer = callContext.getStore();
  const merged = copyLabels(outer?.labels ?? NO_LABELS);
  const names = Object.keys(labels);
  for (const name of names) {
    if (!meter.labels.includes(name)) throw undeclared(name, meter.labels);
    const value = labels[name];
    if (value === '') delete merged[name];
    else if (value !== undefined) merged[name] = typeof value === 'string' ? value : textOf(name, value);
  }
  if (!meter.isEnabled || names.length === 0) return work();
  return runInContext({ graph: outer?.graph, labels: Object.freeze(merged) }, work);
}

/**
 * Runs a function with labels from a file, which can contain labels that the application does not declare. These are
 * omitted, and reported once. Labels of enclosing calls of `withLabels` keep their values.
 *
 * @param source The origin of the labels, for reports, such as `The graph "support"`.
 */
export function withDefaultLabels<Result>(
  source: string,
  labels: Readonly<Record<string, string>>,
  work: () => Result,
): Result {
  const { meter, problems } = getMetricsCollector();
  const outer = currentLabels();
  const added = Object.entries(labels).filter(([name]) => {
    if (meter.labels.includes(name)) return !Object.hasOwn(outer, name);
    const label = JSON.stringify(name);
    problems.report(
      new MetricsConfigurationError(
        `${source} has the label ${label}; ${undeclaredAdvice(meter.labels)} The label is omitted.`,
      ),
    );
    return false;
  });
  return withLabels(Object.fromEntries(added), work);
}

/**
 * Returns the labels of the enclosing calls of `withLabels`. With `graphContext`, they include those of the enclosing
 * graph's option `labels`.
 *
 * The object can't be changed. It is empty outside of such calls.
 */
export function currentLabels(): Readonly<Record<string, string>> {
  return callContext.getStore()?.labels ?? NO_LABELS;
}

function runInContext<Result>(context: CallContext, work: () => Result): Result {
  return callContext.run(context, () => {
    const result = work();
    if (isPlainPromise(result)) {
      // Calls the native `then`, as `await` does, even if the promise has its own `then`.
      const kept = Promise.prototype.then.call(result, (value) => {
        keepContext(value);
        return value;
      });
      copyPromise(result, kept);
      return kept as Result;
    }
    keepContext(result);
    return result;
  });
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(` for the label ${JSON.stringify(name)}`, value, 'a string, a number, a boolean or undefined');
}

function invalid(place: string, value: unknown, expected: string): MetricsConfigurationError {
  return new MetricsConfigurationError(`withLabels got ${shownOption(value, false)}${place}; expected ${expected}.`);
}

function undeclared(name: string, declared: readonly string[]): MetricsConfigurationError {
  return new MetricsConfigurationError(
    `withLabels got the label ${JSON.stringify(name)}; ${undeclaredAdvice(declared)}`,
  );
}
