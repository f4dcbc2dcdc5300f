import { openConversations } from '@tinyllm/executor';
import { SessionError } from '@tinyllm/executor/settings';
import type { CommandContext } from '../../command/command-context.js';

/** Options of `tinyllm session show`. */
export interface SessionShowOptions {
  readonly session: string;
  /** The URL of a Redis. Default: the disk of this machine. */
  readonly store: string | undefined;
  readonly json: boolean;
}

/** Prints a conversation, oldest question first. Throws a `StoreError`, or a `SessionError` if it does not exist. */
export async function sessionShow(options: SessionShowOptions, context: CommandContext): Promise<void> {
  const { session, store, json } = options;
  const conversations = openConversations({ store });
  context.defer(() => conversations.close());
  const exchanges = await conversations.load(session);
  if (exchanges.length === 0) {
    throw new SessionError(
      `There is no session ${JSON.stringify(session)}; run \`tinyllm session list\` to see all sessions.`,
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
  /** The URL of a Redis. Default: the disk of this machine. */
  readonly store: string | undefined;
}

/** Deletes a conversation. Succeeds also if it does not exist. Throws a `StoreError`. */
export async function sessionClear({ session, store }: SessionClearOptions, context: CommandContext): Promise<void> {
  const conversations = openConversations({ store });
  context.defer(() => conversations.close());
  const existed = await conversations.clear(session);
  context.output.note(existed ? `deleted ${session}` : `there was no session ${JSON.stringify(session)}`);
}

/** Options of `tinyllm session list`. */
export interface SessionListOptions {
  /** The URL of a Redis. Default: the disk of this machine. */
  readonly store: string | undefined;
  readonly json: boolean;
}

/** Prints the names of all sessions, one per line. Throws a `StoreError`. */
export async function sessionList({ store, json }: SessionListOptions, context: CommandContext): Promise<void> {
  const conversations = openConversations({ store });
  context.defer(() => conversations.close());
  const sessions = await conversations.list();
  if (json) context.output.json({ sessions });
  else if (sessions.length === 0) context.output.note('no sessions');
  else context.output.text(sessions.join('\n'));
}
