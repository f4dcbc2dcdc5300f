import { ChatServerSettingsError } from '../errors/job-errors.js';
import type { ChatServerOptions } from './chat-server-options.js';

/** The longest delay that Node's timers accept, in whole seconds. */
const maxTimerSeconds = 2_147_483;

type Settings = Required<
  Pick<
    ChatServerOptions,
    'graphs' | 'deadlineSeconds' | 'pingSeconds' | 'stallSeconds' | 'bodyLimit' | 'maxConnections'
  >
>;

/** Throws a `ChatServerSettingsError` for invalid settings. */
export function checkSettings(settings: { readonly [Key in keyof Settings]: NonNullable<Settings[Key]> }): void {
  const { graphs, bodyLimit, maxConnections } = settings;
  const names = graphs.map(({ graph }) => graph.name);
  if (names.length === 0) throw new ChatServerSettingsError('The chat server has no graph; pass at least one.');
  const duplicate = names.find((name, index) => names.indexOf(name) < index);
  if (duplicate !== undefined) {
    throw new ChatServerSettingsError(
      `Two graphs are named ${duplicate}; rename one, because the graph name is the model name.`,
    );
  }
  for (const setting of ['deadlineSeconds', 'pingSeconds', 'stallSeconds'] as const) {
    const seconds = settings[setting];
    if (seconds > 0 && seconds <= maxTimerSeconds) continue;
    throw new ChatServerSettingsError(
      `${setting} is ${seconds}; expected a number above 0 and up to ${maxTimerSeconds}.`,
    );
  }
  if (!Number.isSafeInteger(maxConnections) || maxConnections < 1) {
    throw new ChatServerSettingsError(`maxConnections is ${maxConnections}; expected a whole number of 1 or more.`);
  }
  if (Number.isSafeInteger(bodyLimit) && bodyLimit > 0) return;
  throw new ChatServerSettingsError(`bodyLimit is ${bodyLimit}; expected a number of bytes, 1 or more.`);
}
