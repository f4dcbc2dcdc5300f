/** The ways to make one result of several. */
export const joinNames = ['list', 'first', 'vote'] as const;

/** One of {@link joinNames}. */
export type JoinName = (typeof joinNames)[number];

/** What a branch found. */
export interface BranchResult {
  readonly branch: string;
  readonly text: string;
}

/** A joined result, and how it came about. */
export interface Joined {
  readonly text: string;
  readonly note: string;
}

/**
 * Makes one result of those that branches found; undefined when there is none.
 *
 * `list` puts each under its branch's name; `vote` takes the text that most branches agree on, white space and case
 * aside, and of equals the first; `first` takes the first.
 */
export function join(results: readonly BranchResult[], how: JoinName): Joined | undefined {
  const [first] = results;
  if (first === undefined) return undefined;
  if (how === 'list') {
    const branches = results.length === 1 ? 'branch' : 'branches';
    return {
      text: results.map(({ branch, text }) => `${branch}:\n${text}`).join('\n\n'),
      note: `${results.length} ${branches}`,
    };
  }
  if (how === 'first') return { text: first.text, note: `first: ${first.branch}` };
  return vote(results, first);
}

function vote(results: readonly BranchResult[], first: BranchResult): Joined {
  const votes = new Map<string, { readonly text: string; count: number }>();
  for (const { text } of results) {
    const key = text.trim().replace(/\s+/g, ' ').toLowerCase();
    const ballot = votes.get(key) ?? { text, count: 0 };
    ballot.count++;
    votes.set(key, ballot);
  }
  let winner = { text: first.text, count: 0 };
  for (const ballot of votes.values()) if (ballot.count > winner.count) winner = ballot;
  return { text: winner.text, note: `${winner.count} of ${results.length} votes` };
}
