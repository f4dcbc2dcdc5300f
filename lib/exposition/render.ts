import type { SharedRegistry } from '../metrics/shared-registry.js';
import { writeForeignText } from './foreign-text.js';
import { gather } from './gather.js';
import { writeText } from './text.js';

/** Renders everything a registry holds in the text format: our metrics, then the application's own. */
export async function renderText(registry: SharedRegistry): Promise<string> {
  const { families, foreign } = gather(registry);
  const { defaultLabels } = registry;
  const own = writeText(families, defaultLabels);
  const theirs = await Promise.all(foreign.map((metric) => writeForeignText(metric, defaultLabels)));
  return own + theirs.join('');
}
