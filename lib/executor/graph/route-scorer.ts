import { matchesOf } from './find-matches.js';

/** What speaks for a route. */
export interface RouteClues {
  /** Whole words or phrases, in any case; white space in a phrase matches any white space. */
  readonly keywords: readonly string[];
  /** Every match that is not empty counts; must have the `g` flag, and find its end within a second. */
  readonly pattern?: RegExp | undefined;
}

/** A route and how much in a question speaks for it. */
export interface RouteScore {
  readonly route: string;
  readonly score: number;
}

/**
 * Scores routes by counting clues, the same way every time.
 *
 * A route's score is the number of its keywords that occur in the question, plus the number of matches of
 * its pattern. The highest score wins; of equals, the route declared first.
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
   * The route most clues speak for; undefined when none speaks for any.
   *
   * @throws {GraphRunError} when a pattern has searched the question for a second without an end.
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

/** `\b` knows ASCII alone and fails beside signs, as in `c++`; these borders hold for any script. */
function wholeWord(keyword: string): RegExp {
  const words = keyword
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_])${words.join('\\s+')}(?![\\p{L}\\p{N}_])`, 'iu');
}
