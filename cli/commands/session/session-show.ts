import { openConversations } from '@tinyllm/executor';
import { SessionError } from '@tinyllm/executor/settings';
import type { CommandContext } from '../../program/command-context.js';

/** Options of `tinyllm session show`. */
export interface SessionShowOptions {
  readonly session: string;
  /** The address of a Redis; default this machine's disk. */
  readonly store: string | undefined;
  readonly json: boolean;
}

/** Prints a conversation, oldest first. Throws a `StoreError`, and a `SessionError` when there is none of that name. */
export async function sessionShow(options: SessionShowOptions, context: CommandContext): Promise<void> {
  const { session, store, json } = options;
  const conversations = openConversations({ store });
  context.afterwards(() => conversations.close());
  const exchanges = await conversations.load(session);
  if (exchanges.length === 0) {
    throw new SessionError(
      `There is no session ${JSON.stringify(session)}; \`tinyllm session list\` names those there are.`,
    );
  }
  if (json) {
    context.output.json({ session, exchanges });
    return;
  }
  const parts = exchanges.map(
    ({ at, question, answer }) => `${at}\n${question.replace(/^/gm, '> ')}\n${answer.trimEnd()}`,
  );
  context.output.text(parts.join('\n\n'));
}
