const shortQuestion = 'The embedded model reads questions of at most 300 characters.';

/** Literals in `lib/` and `cli/` that are super-linear or too hard to check, with the reason why that is acceptable. */
export const acceptedLiterals: Readonly<Record<string, string>> = {
  '/\\s*([⁰¹²³⁴-⁹]+)/': shortQuestion,
  '/\\?[?!. ]*$/': shortQuestion,
  '/[\\s.,:;]+$/': shortQuestion,
  '/\\b(?:of|between)\\b.*,/i': shortQuestion,
};

/** Files that compose expressions at run time, with the reason why their matching time is bounded. */
export const composingFiles: Readonly<Record<string, string>> = {
  'lib/executor/graph/pattern-schema.ts':
    'Patterns of graph files run in find-matches.ts, which stops them after one second.',
  'lib/executor/graph/route-scorer.ts':
    'Words between word boundaries: a search restarts only where the first word occurs. The spec measures the time.',
  'lib/executor/models/embedded/framing.ts': shortQuestion,
  'lib/executor/models/embedded/number-words.ts': shortQuestion,
  'lib/executor/models/embedded/phrase-rules.ts': shortQuestion,
  'lib/executor/models/embedded/rewrite.ts': shortQuestion,
  'lib/executor/models/embedded/sentence-rules.ts': shortQuestion,
  'lib/executor/models/embedded/unit-words.ts': shortQuestion,
};
