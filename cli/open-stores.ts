import { Conversation } from '../lib/stores/conversation.js';
import { ResponseCache } from '../lib/stores/response-cache.js';
import type { CommandContext } from './command-context.js';
import type { StoreSettings } from './flags/stores.js';

/** What a run keeps things in. */
export interface OpenStores {
  readonly cache: ResponseCache | undefined;
  readonly conversation: Conversation | undefined;
}

/** Opens what was asked for, until the command has ended; a store in trouble is told of once and does without. */
export function openStores(settings: StoreSettings | undefined, context: CommandContext): OpenStores {
  const { session, store, cache: place, cacheTtlSeconds: ttlSeconds } = settings ?? {};
  const cache =
    place === undefined ? undefined : new ResponseCache({ store: place, ttlSeconds, onProblem: warnOnce(context) });
  const conversation =
    session === undefined ? undefined : new Conversation({ session, store, onProblem: warnOnce(context) });
  context.afterwards(async () => {
    await Promise.all([cache?.close(), conversation?.close()]);
  });
  return { cache, conversation };
}

function warnOnce({ output }: CommandContext): (error: Error) => void {
  let told = false;
  return ({ message }) => {
    if (!told) output.note(`${message.replace(/\.$/, '')}; the run goes on without it.`);
    told = true;
  };
}
