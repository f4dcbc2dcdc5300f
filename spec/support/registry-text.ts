import { followRegistry, unfollowRegistry } from '../../lib/core/aggregation/follow-registry.js';
import { Gatherer } from '../../lib/core/aggregation/gatherer.js';
import { writeText } from '../../lib/core/formats/text.js';
import type { SharedRegistry } from '../../lib/core/metrics/shared-registry.js';

/** A registry's own metrics in the text format, as in a scrape. */
export function registryText(registry: SharedRegistry): string {
  const gatherer = new Gatherer();
  followRegistry(registry, gatherer);
  unfollowRegistry(gatherer);
  return writeText(gatherer.families());
}
