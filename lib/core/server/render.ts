import { followRegistry, refreshRegistry, unfollowRegistry } from '../aggregation/follow-registry.js';
import { Gatherer } from '../aggregation/gatherer.js';
import { writeText } from '../formats/text.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import { foreignText } from './foreign-metrics.js';

/** Renders everything a registry holds in the text format: our metrics, then the application's own. */
export async function renderText(registry: SharedRegistry): Promise<string> {
  const gatherer = new Gatherer();
  followRegistry(registry, gatherer);
  try {
    await refreshRegistry(registry);
    const theirs = await foreignText(registry, { format: 'text', names: [] });
    return writeText(gatherer.families()) + theirs;
  } finally {
    unfollowRegistry(gatherer);
  }
}
