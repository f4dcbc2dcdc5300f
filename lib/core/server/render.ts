import { followRegistry, refreshRegistry, unfollowRegistry } from '../aggregation/follow-registry.js';
import { Gatherer } from '../aggregation/gatherer.js';
import { expositionWriter } from '../formats/exposition-writer.js';
import type { FormatName } from '../formats/format.js';
import { writeText } from '../formats/text.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import { foreignContent } from './foreign-metrics.js';

/** Renders a registry in the text format: TinyLLM's metrics first, then the application's prom-client metrics. */
export function renderText(registry: SharedRegistry): Promise<string> {
  return gathered(registry, async (gatherer) => {
    const foreign = await foreignContent(registry, queryOf('text'));
    return writeText(gatherer.families()) + Buffer.from(foreign).toString();
  });
}

/** Rendered metrics, and their format. */
export interface RenderedPush {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Renders a registry like {@link renderText}, in protobuf if a metric has native histograms, which text can't contain.
 *
 * Names are escaped with `underscores`, because old versions of the Pushgateway write UTF-8 names without quotes.
 */
export function renderPush(registry: SharedRegistry): Promise<RenderedPush> {
  return gathered(registry, async (gatherer) => {
    const hasNative = gatherer.families().some(({ descriptor }) => descriptor.native !== undefined);
    const query = queryOf(hasNative ? 'protobuf' : 'text');
    const rest = await foreignContent(registry, query);
    const { contentType, pieces } = expositionWriter(query);
    // A piece is only valid until the next one is requested.
    const parts = Array.from(pieces(gatherer.families(), { rest }), (piece) => Buffer.from(piece));
    return { contentType, body: Buffer.concat(parts) };
  });
}

function queryOf(format: FormatName) {
  return { format, escaping: 'underscores', names: [] } as const;
}

async function gathered<T>(registry: SharedRegistry, render: (gatherer: Gatherer) => Promise<T>): Promise<T> {
  const gatherer = new Gatherer();
  followRegistry(registry, gatherer);
  try {
    await refreshRegistry(registry);
    return await render(gatherer);
  } finally {
    unfollowRegistry(gatherer);
  }
}
