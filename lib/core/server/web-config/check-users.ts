import type { Problem } from '../../yaml/problem.js';
import { quote } from '../../yaml/quote.js';

const path = ['basic_auth_users'] as const;

/** With a higher cost, one check takes many seconds in JavaScript, and scrapes time out. */
const maxCost = 16;

/** Returns the bcrypt hashes of the users, or a problem whose message contains no hash. */
export function readUsers(section: unknown): ReadonlyMap<string, string> | Problem {
  if (section === undefined) return new Map();
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    return { path, message: 'basic_auth_users is not a map; expected a map of user names to bcrypt hashes.' };
  }
  const users = Object.entries(section);
  if (users.length === 0) {
    return { path, message: 'basic_auth_users is an empty map; add a user, or remove the key to require no password.' };
  }
  for (const [user, hash] of users) {
    if (user === '' || user.includes(':')) {
      const message = `basic_auth_users: ${quote(user)} is not a valid user name; expected a name without a colon.`;
      return { path: [...path, user], atKey: true, message };
    }
    const problem = hashProblem(hash, user);
    if (problem !== undefined) return { path: [...path, user], message: `basic_auth_users: ${quote(user)} ${problem}` };
  }
  return new Map(users as [string, string][]);
}

function hashProblem(hash: unknown, user: string): string | undefined {
  const cost = typeof hash === 'string' ? /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1] : undefined;
  if (cost === undefined) {
    return `has no valid bcrypt hash; expected 60 characters that start with $2a$, $2b$ or $2y$, not the password itself. Create a hash with "htpasswd -nBC 10 ${user}" or bcryptjs.`;
  }
  if (Number(cost) >= 4 && Number(cost) <= maxCost) return undefined;
  return `has a bcrypt hash of cost ${Number(cost)}; expected a cost from 4 to ${maxCost}.`;
}
