const shortQuestion = 'The embedded model reads questions of at most 300 characters.';

/** Literals in `lib/` and `cli/` that are super-linear or too hard to check, with the reason why that is acceptable. */
export const acceptedLiterals: Readonly<Record<string, string>> = {
  '/\\s*([⁰¹²³⁴-⁹]+)/': shortQuestion,
  '/\\?[?!. ]*$/': shortQuestion,
  '/[\\s.,:;]+$/': shortQuestion,
  '/\\b(?:of|between)\\b.*,/i': shortQuestion,
};

/** Files that compose expressions at run time, with the reason why these take bounded time. */
export const composingFiles: Readonly<Record<string, string>> = {
  'lib/executor/graph/pattern-schema.ts':
    'Patterns of graph files run in find-matches.ts, which stops them after a second.',
  'lib/executor/graph/route-scorer.ts':
    'Words between borders: a search restarts only at an occurrence of the first word. The spec measures this.',
  'lib/executor/models/embedded/framing.ts': shortQuestion,
  'lib/executor/models/embedded/number-words.ts': shortQuestion,
  'lib/executor/models/embedded/phrase-rules.ts': shortQuestion,
  'lib/executor/models/embedded/rewrite.ts': shortQuestion,
  'lib/executor/models/embedded/sentence-rules.ts': shortQuestion,
  'lib/executor/models/embedded/unit-words.ts': shortQuestion,
};
