import fc from 'fast-check';

/** Label values and help texts that an incorrect writer or parser handles wrongly. */
export const hostileTexts: readonly string[] = [
  ...['', ' ', '\\', '\\\\', '\\n', '\\"', '"', '""', '\n', '\r', '\r\n', '\t', '\0', '\u2028', '\u0085', '\u{1f600}'],
  ...['{', '}', '{}', '",b="', '"} 1\nevil 1', ',', '=', '#', ' # ', ' # {trace_id="a"} 1', '# EOF', '# EOF\n', '1 2'],
  ...['a{b="c"} 1', 'NaN', '+Inf', "'", '`', 'é', 'e\u0301', 'x'.repeat(256)],
];

/** Any text. The hostile texts are frequent. */
export const anyText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', '\r', '\u2028', '{', '}', ' ', '#', ',', '=') }),
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
);
