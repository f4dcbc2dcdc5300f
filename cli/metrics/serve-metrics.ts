import { startMetricsServer } from 'tinyllm';
import type { CommandContext } from '../command/command-context.js';
import { ScrapeWatch } from './scrape-watch.js';

/** Where to serve metrics. */
export interface ServeOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** TLS, users and headers; default plain HTTP for everybody. */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  /** Default `startMetricsServer`. */
  readonly startServer?: typeof startMetricsServer;
  /** How long to go on after the command has ended, unless a scrape comes first; default 0. */
  readonly lingerSeconds?: number;
  /** How long the command itself lasts, for people to read; default not said. */
  readonly until?: string;
}

/** Metrics that are being served. */
export interface ServedMetrics {
  /** Where to scrape them, path included. */
  readonly url: string;
}

/**
 * Serves metrics while a command lasts, and after its end until they have been scraped once.
 *
 * Throws a `ListenError` when the address cannot be listened on, a `WebConfigError` when that file is not in order.
 */
export async function serveMetrics(options: ServeOptions, context: CommandContext): Promise<ServedMetrics> {
  const { output, signal } = context;
  const { port, host, webConfigFile, page, lingerSeconds: seconds = 0, until } = options;
  const { startServer = startMetricsServer } = options;
  const watch = new ScrapeWatch();
  const server = await startServer({
    port,
    host,
    page,
    ...(webConfigFile === undefined ? {} : { webConfigFile }),
    onScrape: watch.onScrape,
    onProblem: (problem) => output.failure(problem),
  });
  const url = `${server.url}/metrics`;
  const serving = `serving metrics at ${url}${page === false ? '' : ` and a page that draws them at ${server.url}/`}`;
  context.afterwards(() => server.close());
  context.afterwards(async () => {
    if (seconds === 0 || signal.aborted) return;
    // Whoever reads the note may scrape before the next line of this function runs.
    const since = Date.now();
    output.note(`${serving} until one more scrape, ${seconds} s, or Ctrl-C`);
    await watch.linger({ seconds, signal, since });
  });
  output.note(`${serving}${until === undefined ? '' : ` until ${until}`}`);
  return { url };
}
