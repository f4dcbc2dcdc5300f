import { Gatherer } from '../../lib/core/aggregation/gatherer.js';
import { writeText } from '../../lib/core/formats/text.js';
import type { SharedRegistry } from '../../lib/core/metrics/shared-registry.js';

/** A registry's own metrics in the text format, as in a scrape. */
export function registryText(registry: SharedRegistry): string {
  const gatherer = new Gatherer();
  registry.readMemory().forEach((memory, owner) => {
    memory.follow(({ buffer }, index) => gatherer.add(owner, buffer, index));
  });
  return writeText(gatherer.families());
}
