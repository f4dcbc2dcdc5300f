/** The options in which client libraries accept an abort signal. */
const signalNames = ['signal', 'abortSignal', 'abort_signal', 'cancelSignal', 'cancellationSignal'] as const;

/** The options in which client libraries accept an abort controller. */
const controllerNames = ['abortController', 'controller'] as const;

/** The options in which client libraries accept nested options. */
const optionNames = ['options', 'requestOptions', 'fetchOptions', 'httpOptions', 'config', 'init'] as const;

type Options = Readonly<Record<string, unknown>>;

/**
 * Finds the abort signals among the arguments of a call.
 *
 * An argument can be a signal itself, or have one in a property with a usual name, such as `signal`, `abortSignal` or
 * `abortController`. One level of nested options, such as `requestOptions`, is searched too.
 */
export function signalsIn(values: readonly unknown[]): AbortSignal[] {
  const signals = new Set<AbortSignal>();
  for (const value of values) addSignals(value, signals, 1);
  return [...signals];
}

function addSignals(value: unknown, signals: Set<AbortSignal>, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof AbortSignal) {
    signals.add(value);
    return;
  }
  const options = value as Options;
  for (const name of signalNames) add(options[name], signals);
  for (const name of controllerNames) {
    const controller = options[name];
    if (controller instanceof AbortController) add(controller.signal, signals);
  }
  if (depth > 0) for (const name of optionNames) addSignals(options[name], signals, depth - 1);
}

function add(value: unknown, signals: Set<AbortSignal>): void {
  if (value instanceof AbortSignal) signals.add(value);
}
