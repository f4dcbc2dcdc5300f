/** A rule that replaces a match of `find` with `put`. `$1`, `$2`, … in `put` are the captured groups. */
export interface Rewrite {
  readonly find: RegExp;
  readonly put: string | ((groups: readonly string[]) => string);
}

/** Inserts the captured groups into a replacement. */
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

/** A text that needs more rewrites is not a question about arithmetic. */
const maxRewrites = 60;

/**
 * Applies the rules until none matches. Each rule replaces its last match first.
 *
 * In "square root of the cube root of 64", the inner root must be replaced before the outer root has an operand.
 */
export function rewriteUntilStable(text: string, rules: readonly Rewrite[]): string {
  let current = text;
  for (let count = 0; count < maxRewrites; count += 1) {
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
