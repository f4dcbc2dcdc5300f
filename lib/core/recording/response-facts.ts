/** Properties of a result with a promise that is fulfilled when the response is complete. */
export const promiseNames = [
  ...['response', 'text', 'object', 'output'],
  ...['usage', 'totalUsage', 'finishReason', 'steps'],
] as const;

/** Properties that state facts about the whole response. */
const factNames = ['usage', 'totalUsage', 'finishReason'] as const;

/** Whether a result states facts in properties of its own, so that its `response` is not the whole response. */
export function statesFacts(result: object): boolean {
  return factNames.some((name) => name in result);
}

/**
 * Reads the token counts and the finish reason of a complete response from the properties of its result, or else the
 * whole response from a promise in the property `response`. Passes them to `onFacts`, or undefined if the result states
 * nothing. `onFacts` is called once, at once or after the promises have settled.
 *
 * Call this function only after the response is complete, because the properties can have getters that start work.
 */
export function readFacts(result: object, onFacts: (facts: unknown) => void): void {
  if (statesFacts(result)) {
    statedFacts(result).then(onFacts, () => onFacts(undefined));
    return;
  }
  const response = responseIn(result);
  if (response === undefined) onFacts(undefined);
  else
    Promise.prototype.then.call(
      response,
      (value) => onFacts(answerIn(value)),
      () => onFacts(undefined),
    );
}

async function statedFacts(result: { readonly [name in (typeof factNames)[number]]?: unknown }): Promise<object> {
  const names = factNames.filter((name) => name in result);
  const values = await Promise.all(names.map((name) => result[name]));
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

function responseIn(result: { readonly response?: unknown }): Promise<unknown> | undefined {
  try {
    return result.response instanceof Promise ? result.response : undefined;
  } catch {
    return undefined;
  }
}

/** The HTTP response of a stream states nothing about the answer. */
function answerIn(response: unknown): unknown {
  return response instanceof Response ? undefined : response;
}
