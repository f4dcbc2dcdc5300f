import { followRegistry, refreshRegistry, unfollowRegistry } from '../aggregation/follow-registry.js';
import { Gatherer } from '../aggregation/gatherer.js';
import { writeText } from '../formats/text.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import { foreignContent } from './foreign-metrics.js';

/** Renders a registry in the text format: TinyLLM's metrics first, then the application's prom-client metrics. */
export async function renderText(registry: SharedRegistry): Promise<string> {
  const gatherer = new Gatherer();
  followRegistry(registry, gatherer);
  try {
    await refreshRegistry(registry);
    const query = { format: 'text', escaping: 'underscores', names: [] } as const;
    const foreign = await foreignContent(registry, query);
    return writeText(gatherer.families()) + Buffer.from(foreign).toString();
  } finally {
    unfollowRegistry(gatherer);
  }
}
