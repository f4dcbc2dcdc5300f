/** The methods to join several results into one. */
export const joinNames = ['list', 'first', 'vote'] as const;

/** One of {@link joinNames}. */
export type JoinName = (typeof joinNames)[number];

/** The result of a branch. */
export interface BranchResult {
  readonly branch: string;
  readonly text: string;
}

/** A joined result, with a note for the trace. */
export interface Joined {
  readonly text: string;
  readonly note: string;
}

/**
 * Joins the results of branches into one. Returns `undefined` if there are no results.
 *
 * `list` lists all results under the names of their branches. `vote` selects the most frequent text and ignores case
 * and white space; of equally frequent texts, it selects the first. `first` selects the first result.
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
