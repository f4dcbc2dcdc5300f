import type { Graph } from '@tinyllm/executor';
import { Conversation, ResponseCache } from '@tinyllm/executor';
import type { CommandContext } from '../command/command-context.js';
import type { StoreSettings } from '../flags/stores.js';

/** The stores of a run. */
export interface OpenStores {
  readonly cache: ResponseCache | undefined;
  readonly conversation: Conversation | undefined;
}

/**
 * Opens the requested stores, and closes them when the command ends. If a store fails, the run prints one warning and
 * continues without it.
 *
 * Flags take precedence over the graph's cache settings.
 */
export function openStores(
  settings: StoreSettings | undefined,
  context: CommandContext,
  graphCache?: Graph['cache'],
): OpenStores {
  const { session, store, cache: place = graphCache?.store } = settings ?? {};
  const ttlSeconds = settings?.cacheTtlSeconds ?? graphCache?.ttl;
  const maxEntries = graphCache?.max_entries;
  const cache =
    place === undefined || place === 'off'
      ? undefined
      : new ResponseCache({ store: place, ttlSeconds, maxEntries, onProblem: warnOnce(context) });
  const conversation =
    session === undefined ? undefined : new Conversation({ session, store, onProblem: warnOnce(context) });
  context.defer(async () => {
    await Promise.all([cache?.close(), conversation?.close()]);
  });
  return { cache, conversation };
}

/** Returns a function that prints the first problem of a store and its consequence. Later problems are ignored. */
export function warnOnce(
  { output }: Pick<CommandContext, 'output'>,
  consequence = 'the run continues without it',
): (error: Error) => void {
  let warned = false;
  return ({ message }) => {
    if (!warned) output.note(`${message.replace(/\.$/, '')}; ${consequence}.`);
    warned = true;
  };
}
