import { openConversations } from '@tinyllm/executor';
import type { CommandContext } from '../../program/command-context.js';

/** Options of `tinyllm session clear`. */
export interface SessionClearOptions {
  readonly session: string;
  /** The address of a Redis; default this machine's disk. */
  readonly store: string | undefined;
}

/** Forgets a conversation; one that is not there is forgotten already. Throws a `StoreError`. */
export async function sessionClear({ session, store }: SessionClearOptions, context: CommandContext): Promise<void> {
  const conversations = openConversations({ store });
  context.afterwards(() => conversations.close());
  const wasThere = await conversations.clear(session);
  context.output.note(wasThere ? `forgot ${session}` : `there was no session ${JSON.stringify(session)}`);
}
