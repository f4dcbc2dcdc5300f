import { clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** Properties of a result with a promise that is fulfilled when the response is complete. */
export const promiseNames = [
  ...['response', 'text', 'object', 'output'],
  ...['usage', 'totalUsage', 'finishReason', 'steps'],
] as const;

/** Properties that state facts about the whole response. */
const factNames = ['usage', 'totalUsage', 'finishReason'] as const;

type FactsInResult = { readonly [name in (typeof factNames)[number]]?: unknown };

/** Which facts about a response are known from its stream. */
export interface KnownFacts {
  /** Whether the input and output tokens are known. */
  readonly hasUsage: boolean;
  readonly hasFinishReason: boolean;
}

/** Options of {@link readFacts}. */
export interface ReadFactsOptions {
  readonly known: KnownFacts;
  /** How long to wait for promises. In milliseconds. */
  readonly patience: number;
  readonly onFacts: (facts: unknown) => void;
}

/** Whether a result states facts in properties of its own, so that its `response` is not the whole response. */
export function statesFacts(result: object): boolean {
  return factNames.some((name) => name in result);
}

/**
 * Reads the token counts and the finish reason of a complete response from the properties of its result, or else the
 * whole response from a promise in the property `response`. Skips the facts that are known.
 *
 * Passes the facts to `onFacts`, or undefined if the result states none. `onFacts` is called once: at once if nothing is
 * missing, or after the promises have settled. If a promise doesn't settle in time, its fact is omitted. The limit is
 * `patience` milliseconds, or one turn of the event loop if the token counts are known.
 *
 * Call this function only after the response is complete, because the properties can have getters that start work.
 */
export function readFacts(result: object, { known, patience, onFacts }: ReadFactsOptions): void {
  const read = statesFacts(result) ? statedFacts(result, known) : wholeFacts(result, known);
  if (read === undefined) {
    onFacts(undefined);
    return;
  }
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timeout);
    onFacts(read.facts());
  };
  const timeout = known.hasUsage ? undefined : setTimeout(finish, patience).unref();
  if (known.hasUsage) setImmediate(finish);
  read.complete.then(finish);
}

/** Facts that arrive with promises. */
interface PendingFacts {
  /** Fulfilled when all promises have settled. */
  readonly complete: Promise<unknown>;
  /** Returns what has arrived so far, or undefined if nothing has arrived. */
  facts(): unknown;
}

function statedFacts(result: FactsInResult, known: KnownFacts): PendingFacts | undefined {
  const names = factNames.filter(
    (name) => name in result && !(name === 'finishReason' ? known.hasFinishReason : known.hasUsage),
  );
  if (names.length === 0) return undefined;
  const facts: Record<string, unknown> = {};
  const read = async (name: (typeof names)[number]): Promise<void> => {
    facts[name] = await result[name];
  };
  return {
    complete: Promise.allSettled(names.map(read)),
    facts: () => (Object.keys(facts).length > 0 ? facts : undefined),
  };
}

function wholeFacts(result: object, known: KnownFacts): PendingFacts | undefined {
  const response = known.hasUsage && known.hasFinishReason ? undefined : responseIn(result);
  if (response === undefined) return undefined;
  let whole: unknown;
  const keep = (value: unknown): void => {
    whole = answerIn(value);
  };
  return { complete: Promise.prototype.then.call(response, keep, () => {}), facts: () => whole };
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
