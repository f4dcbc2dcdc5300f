import { languageRules } from './language-rules.js';
import { proseOf, wordsOf } from './prose-of.js';

/** A construction that a rule found in a file. */
export interface Finding {
  readonly path: string;
  readonly rule: string;
  /** The construction with the words around it. */
  readonly excerpt: string;
}

/** The findings in the prose of some files. */
export interface LanguageReport {
  readonly words: number;
  readonly findings: readonly Finding[];
}

/** Applies all rules to the prose of files, given by path. */
export function checkLanguage(files: ReadonlyMap<string, string>): LanguageReport {
  let words = 0;
  const findings: Finding[] = [];
  for (const [path, text] of files) {
    const prose = proseOf(path, text);
    words += wordsOf(prose);
    for (const { name, pattern } of languageRules) {
      for (const { index, 0: match } of prose.matchAll(pattern)) {
        const excerpt = prose.slice(Math.max(0, index - 30), index + match.length + 30).replaceAll('\n', ' ');
        findings.push({ path, rule: name, excerpt });
      }
    }
  }
  return { words, findings };
}

/** Findings per 1,000 words. */
export function findingsPerThousandWords({ words, findings }: LanguageReport): number {
  return words === 0 ? 0 : (1_000 * findings.length) / words;
}
