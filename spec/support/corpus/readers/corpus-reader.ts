import type { CorpusCase } from '../corpus-case.js';
import type { Blindness, Reading } from '../reading.js';

/** One way by which responses are recorded. */
export interface CorpusReader {
  readonly name: string;
  readonly blind?: Blindness;
  /** Whether responses of this kind can come this way. */
  accepts(one: CorpusCase): boolean;
  /** Records the response, and reads the metrics. */
  read(one: CorpusCase): Promise<Reading>;
}
