/** Replaces one wording by another; `$1`, `$2`, … in `put` stand for what `find` captured. */
export interface Rewrite {
  readonly find: RegExp;
  readonly put: string | ((groups: readonly string[]) => string);
}

/** Fills what a pattern captured into what stands in its place. */
export function fillIn(put: Rewrite['put'], groups: readonly string[]): string {
  return typeof put === 'function' ? put(groups) : put.replace(/\$(\d)/g, (_, index) => groups[Number(index)] ?? '');
}

/** Applies each rule once, wherever it matches, in the order given. */
export function rewriteEach(text: string, rules: readonly Rewrite[]): string {
  return rules.reduce(
    (current, { find, put }) =>
      current.replace(new RegExp(find.source, 'gi'), (...found) =>
        fillIn(
          put,
          found
            .slice(
              0,
              found.findIndex((part) => typeof part === 'number'),
            )
            .map((part) => part ?? ''),
        ),
      ),
    text,
  );
}

/** More rewrites than this mean a text that is no question of arithmetic. */
const mostRewrites = 60;

/**
 * Applies the rules until none matches, each at its last match first: in "square root of the cube root of 64" the
 * inner root has to be found before the outer one has an operand.
 */
export function rewriteUntilStable(text: string, rules: readonly Rewrite[]): string {
  let current = text;
  for (let count = 0; count < mostRewrites; count += 1) {
    const next = rewriteLastMatch(current, rules);
    if (next === undefined) return current;
    current = next;
  }
  return current;
}

function rewriteLastMatch(text: string, rules: readonly Rewrite[]): string | undefined {
  for (const { find, put } of rules) {
    if (!new RegExp(find.source, 'i').test(text)) continue;
    const here = new RegExp(find.source, 'iy');
    for (let start = text.length - 1; start >= 0; start -= 1) {
      here.lastIndex = start;
      const match = here.exec(text);
      if (match === null) continue;
      const groups = [...match].map((group) => group ?? '');
      return text.slice(0, start) + fillIn(put, groups) + text.slice(start + match[0].length);
    }
  }
  return undefined;
}
