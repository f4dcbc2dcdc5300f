import type { CorpusCase } from '../corpus-case.js';
import type { Blindness, Reading } from '../reading.js';

/** One of the ways in which TinyLLM records responses. */
export interface CorpusReader {
  readonly name: string;
  readonly blind?: Blindness;
  /** Whether this way supports the case. */
  accepts(one: CorpusCase): boolean;
  /** Records the response and returns its metrics. */
  read(one: CorpusCase): Promise<Reading>;
}
