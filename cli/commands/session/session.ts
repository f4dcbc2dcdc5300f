import { openConversations } from '@tinyllm/executor';
import { SessionError } from '@tinyllm/executor/settings';
import type { CommandContext } from '../../command/command-context.js';

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
