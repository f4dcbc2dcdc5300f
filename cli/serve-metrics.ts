import { type MetricsServer, startMetricsServer } from '../lib/index.js';
import type { CommandContext } from './command-context.js';
import { ScrapeWatch } from './scrape-watch.js';

/** Where a run serves its metrics, and for how long after its end. */
export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  /** 0 to stop serving as soon as the command has ended. */
  readonly lingerSeconds: number;
}

/**
 * Serves the metrics of a run while it lasts, and after its end until they have been scraped once.
 *
 * Throws a `ListenError` when the address cannot be listened on.
 */
export async function serveMetrics(options: ServeOptions, context: CommandContext): Promise<MetricsServer> {
  const { output, signal } = context;
  const { port, host, lingerSeconds } = options;
  const watch = new ScrapeWatch();
  const server = await startMetricsServer({ port, host, onScrape: watch.onScrape });
  context.afterwards(() => server.close());
  context.afterwards(async () => {
    if (lingerSeconds === 0 || signal.aborted) return;
    output.note(`serving metrics at ${server.url} until one scrape, ${lingerSeconds} s, or Ctrl-C`);
    await watch.linger({ seconds: lingerSeconds, signal });
  });
  output.note(`serving metrics at ${server.url}`);
  return server;
}
