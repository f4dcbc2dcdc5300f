import type { Graph } from '@tinyllm/executor';
import { maxAdditionalLabels, TinyLLMError } from 'tinyllm/configuration';

/** The labels of the flags and the graph files together exceed the limit. */
class TooManyLabelsError extends TinyLLMError {}

/**
 * The names of the additional labels of flags and graphs, each once.
 *
 * Throws a `TooManyLabelsError` if there are more than 16.
 */
export function labelNamesOf(flags: readonly string[] | undefined, graphs: readonly Graph[]): readonly string[] {
  const names = new Set([...(flags ?? []), ...graphs.flatMap(({ labels = {} }) => Object.keys(labels))]);
  if (names.size <= maxAdditionalLabels) return [...names];
  throw new TooManyLabelsError(
    `--label and the graph files declare ${names.size} labels (${[...names].join(', ')}); expected at most ${maxAdditionalLabels}. Remove some of them.`,
  );
}
