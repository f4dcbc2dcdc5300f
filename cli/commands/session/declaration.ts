import type { CommandArguments } from '../../command/command-arguments.js';
import { debug, json } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { sessionVariables } from '../../command/environment-variables.js';
import { checkSession, readStore, storeFlag } from '../../flags/stores.js';

const expectedName = 'the name of a session';

const argument = {
  usage: '<name>',
  name: 'name',
  type: 'string',
  describe: 'Name of the session, as passed to --session',
} as const;

/** `tinyllm session list`. */
export const sessionList: CommandDeclaration = {
  name: 'session list',
  summary: 'List the stored conversations',
  variables: sessionVariables,
  flags: { ...storeFlag, json, debug },
  example: ['tinyllm session list', 'List the conversations on this machine'],
  read: (args) => {
    args.rejectWords();
    const options = { store: readStore(args), json: args.switch('json') };
    return async (context) => (await import('./session.js')).sessionList(options, context);
  },
};

/** `tinyllm session show`. */
export const sessionShow: CommandDeclaration = {
  name: 'session show',
  summary: 'Print a conversation, oldest question first',
  variables: sessionVariables,
  argument,
  flags: { ...storeFlag, json, debug },
  example: ['tinyllm session show trip', 'Print the questions and answers of --session trip'],
  read: (args) => {
    const options = { session: readSession('show', args), store: readStore(args), json: args.switch('json') };
    return async (context) => (await import('./session.js')).sessionShow(options, context);
  },
};

/** `tinyllm session clear`. */
export const sessionClear: CommandDeclaration = {
  name: 'session clear',
  summary: 'Delete a conversation',
  variables: sessionVariables,
  argument,
  flags: { ...storeFlag, debug },
  example: ['tinyllm session clear trip', 'Delete the history of --session trip'],
  read: (args) => {
    const options = { session: readSession('clear', args), store: readStore(args) };
    return async (context) => (await import('./session.js')).sessionClear(options, context);
  },
};

function readSession(command: string, args: CommandArguments): string {
  const session = args.word('name', expectedName);
  if (session === undefined) throw args.usageError(`session ${command} got no name; expected ${expectedName}.`);
  checkSession(args, session);
  return session;
}
