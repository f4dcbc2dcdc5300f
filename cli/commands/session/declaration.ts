import { debug, json } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { sessionVariables } from '../../command/environment-variables.js';
import type { Given } from '../../command/given.js';
import { checkSession, readStore, storeFlag } from '../../flags/stores.js';

const expectedName = 'the name of a session';

const argument = {
  usage: '<name>',
  name: 'name',
  type: 'string',
  describe: 'The session, as --session named it',
} as const;

/** `tinyllm session list`. */
export const sessionList: CommandDeclaration = {
  name: 'session list',
  summary: 'Name the conversations there are',
  variables: sessionVariables,
  flags: { ...storeFlag, json, debug },
  example: ['tinyllm session list', 'Name the conversations kept on this machine'],
  read: (given) => {
    given.nothingElse();
    const options = { store: readStore(given), json: given.switch('json') };
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
  example: ['tinyllm session show trip', 'Print what was asked with --session trip, and answered'],
  read: (given) => {
    const options = { session: readSession('show', given), store: readStore(given), json: given.switch('json') };
    return async (context) => (await import('./session.js')).sessionShow(options, context);
  },
};

/** `tinyllm session clear`. */
export const sessionClear: CommandDeclaration = {
  name: 'session clear',
  summary: 'Forget a conversation',
  variables: sessionVariables,
  argument,
  flags: { ...storeFlag, debug },
  example: ['tinyllm session clear trip', 'Begin anew with the next --session trip'],
  read: (given) => {
    const options = { session: readSession('clear', given), store: readStore(given) };
    return async (context) => (await import('./session.js')).sessionClear(options, context);
  },
};

function readSession(command: string, given: Given): string {
  const session = given.word('name', expectedName);
  if (session === undefined) throw given.wrong(`session ${command} got no name; expected ${expectedName}.`);
  checkSession(given, session);
  return session;
}
