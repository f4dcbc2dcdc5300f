import { openConversations } from '@tinyllm/executor';
import type { CommandContext } from '../../program/command-context.js';

/** Options of `tinyllm session list`. */
export interface SessionListOptions {
  /** The address of a Redis; default this machine's disk. */
  readonly store: string | undefined;
  readonly json: boolean;
}

/** Names the sessions there are, a line each. Throws a `StoreError`. */
export async function sessionList({ store, json }: SessionListOptions, context: CommandContext): Promise<void> {
  const conversations = openConversations({ store });
  context.afterwards(() => conversations.close());
  const sessions = await conversations.list();
  if (json) context.output.json({ sessions });
  else if (sessions.length === 0) context.output.note('no sessions');
  else context.output.text(sessions.join('\n'));
}
