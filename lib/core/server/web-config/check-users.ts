import type { Problem } from '../../yaml/problem.js';
import { quote } from '../../yaml/quote.js';

const path = ['basic_auth_users'] as const;

/** Past this cost one check takes many seconds in JavaScript, and scrapes time out. */
const maxCost = 16;

/** Users' bcrypt hashes, or what is wrong with them, without a hash in it. */
export function readUsers(section: unknown): ReadonlyMap<string, string> | Problem {
  if (section === undefined) return new Map();
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    return { path, message: 'basic_auth_users is no map; expected a map of user names to bcrypt hashes.' };
  }
  const users = Object.entries(section);
  if (users.length === 0) {
    return { path, message: 'basic_auth_users is an empty map; expected a user, or leave it out to ask for none.' };
  }
  for (const [user, hash] of users) {
    if (user === '' || user.includes(':')) {
      const message = `basic_auth_users: ${quote(user)} is no user name; expected one without a colon.`;
      return { path: [...path, user], atKey: true, message };
    }
    const wrong = wrongWith(hash, user);
    if (wrong !== undefined) return { path: [...path, user], message: `basic_auth_users: ${quote(user)} ${wrong}` };
  }
  return new Map(users as [string, string][]);
}

function wrongWith(hash: unknown, user: string): string | undefined {
  const cost = typeof hash === 'string' ? /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1] : undefined;
  if (cost === undefined) {
    return `has no bcrypt hash; expected not the password itself, but 60 characters from $2a$, $2b$ or $2y$ on, as "htpasswd -nBC 10 ${user}" or bcryptjs makes them.`;
  }
  if (Number(cost) >= 4 && Number(cost) <= maxCost) return undefined;
  return `has a bcrypt hash of cost ${Number(cost)}; expected a cost from 4 to ${maxCost}.`;
}
