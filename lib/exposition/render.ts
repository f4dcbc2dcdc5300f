import type { SharedRegistry } from '../metrics/shared-registry.js';
import { gather } from './gather.js';
import { writeText } from './text.js';

/**
 * Renders everything a registry holds in the text format: our metrics, then the application's own.
 *
 * One of those whose `collect` throws is named in a comment, and the others are served.
 */
export async function renderText(registry: SharedRegistry): Promise<string> {
  const { families, foreign } = gather(registry);
  const own = writeText(families, registry.defaultLabels);
  const theirs = await Promise.all(foreign.map((name) => renderForeign(registry, name)));
  return own + theirs.map((text) => `${text}\n`).join('');
}

async function renderForeign(registry: SharedRegistry, name: string): Promise<string> {
  try {
    return await registry.getSingleMetricAsString(name);
  } catch {
    return `# The metric ${name} could not be collected.`;
  }
}
