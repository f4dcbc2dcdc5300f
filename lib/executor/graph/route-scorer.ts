import { matchesOf } from './find-matches.js';

/** Clues for a route. */
export interface RouteClues {
  /** Whole words or phrases. Case is ignored. White space in a phrase matches any white space. */
  readonly keywords: readonly string[];
  /** Every non-empty match counts. The pattern must have the `g` flag. A search may take at most one second. */
  readonly pattern?: RegExp | undefined;
}

/** A route, and the number of its clues in a question. */
export interface RouteScore {
  readonly route: string;
  readonly score: number;
}

/**
 * Scores routes deterministically by counting clues.
 *
 * The score of a route is the number of its keywords that occur in the question, plus the number of matches of its
 * pattern. The highest score wins. If scores are equal, the first declared route wins.
 */
export class RouteScorer {
  readonly #routes: readonly (readonly [route: string, keywords: readonly RegExp[], pattern: RegExp | undefined])[];

  constructor(routes: Iterable<readonly [route: string, clues: RouteClues]>) {
    this.#routes = Array.from(routes, ([route, { keywords, pattern }]) => [
      route,
      [...new Set(keywords.map((keyword) => keyword.toLowerCase()))].map(wholeWord),
      pattern,
    ]);
  }

  /**
   * The route with the highest score; `undefined` if no route has a clue in the question.
   *
   * @throws {GraphRunError} if the search of a pattern takes longer than one second.
   */
  best(question: string): RouteScore | undefined {
    let best: RouteScore | undefined;
    for (const [route, keywords, pattern] of this.#routes) {
      const words = keywords.filter((keyword) => keyword.test(question)).length;
      const matches = pattern === undefined ? [] : matchesOf(pattern, question, `the route "${route}"`);
      const score = words + matches.filter(([match]) => match !== '').length;
      if (score > (best?.score ?? 0)) best = { route, score };
    }
    return best;
  }
}

/** Matches a whole word in any script. `\b` supports only ASCII letters, and fails next to signs, as in `c++`. */
function wholeWord(keyword: string): RegExp {
  const words = keyword
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_])${words.join('\\s+')}(?![\\p{L}\\p{N}_])`, 'iu');
}
