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
 * whole response from the property `response`. The properties can be promises. The returned promise never rejects.
 *
 * Call this function only after the response is complete, because the properties can have getters that start work.
 *
 * Returns undefined if the result has none of these properties.
 */
export function factsOf(result: object): Promise<unknown> | undefined {
  if (statesFacts(result)) return readFacts(result).catch(() => undefined);
  if (!('response' in result)) return undefined;
  return readResponse(result).catch(() => undefined);
}

async function readFacts(result: { readonly [name in (typeof factNames)[number]]?: unknown }): Promise<unknown> {
  const names = factNames.filter((name) => name in result);
  const values = await Promise.all(names.map((name) => result[name]));
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

async function readResponse(result: { readonly response?: unknown }): Promise<unknown> {
  const response = await result.response;
  // The HTTP response of a stream states nothing about the answer.
  return response instanceof Response ? undefined : response;
}
