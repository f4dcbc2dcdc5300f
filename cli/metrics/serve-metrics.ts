import { startMetricsServer } from 'tinyllm';
import type { CommandContext } from '../command/command-context.js';
import { ScrapeWatch } from './scrape-watch.js';

/** Where and for how long to serve metrics. */
export interface ServeOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** The file with TLS, users and headers. Default: plain HTTP without authentication. */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get the landing page; default true. */
  readonly page?: boolean | undefined;
  /** Whether clients that request OpenMetrics 2.0 get it; default false. */
  readonly openMetrics2?: boolean | undefined;
  /** Default `startMetricsServer`. */
  readonly startServer?: typeof startMetricsServer;
  /** Maximum time in seconds to wait for one more scrape after the command has ended. Default 0. */
  readonly lingerSeconds?: number;
  /** The event that ends the command, such as `Ctrl-C`, for the printed note. Default: the note does not mention it. */
  readonly until?: string;
}

/** A running metrics server. */
export interface ServedMetrics {
  /** The URL to scrape, including the path. */
  readonly url: string;
}

/**
 * Serves metrics while a command runs. After the command has ended, waits up to `lingerSeconds` for one more scrape.
 *
 * Throws a `ListenError` if the server cannot listen on the address, and a `WebConfigError` if
 * `webConfigFile` is invalid.
 */
export async function serveMetrics(options: ServeOptions, context: CommandContext): Promise<ServedMetrics> {
  const { output, signal } = context;
  const { port, host, webConfigFile, page, openMetrics2, lingerSeconds: seconds = 0, until } = options;
  const { startServer = startMetricsServer } = options;
  const watch = new ScrapeWatch();
  const server = await startServer({
    port,
    host,
    page,
    openMetrics2,
    ...(webConfigFile === undefined ? {} : { webConfigFile }),
    onScrape: watch.onScrape,
    onProblem: (problem) => output.failure(problem),
  });
  const url = `${server.url}/metrics`;
  const serving = `serving metrics at ${url}${page === false ? '' : ` and a page with charts at ${server.url}/`}`;
  context.defer(() => server.close());
  context.defer(async () => {
    if (seconds === 0 || signal.aborted) return;
    // A scrape may happen right after the note, before the next line runs.
    const startedAfter = Date.now();
    output.note(`${serving} until one more scrape, for at most ${seconds} s, or until Ctrl-C`);
    await watch.linger({ seconds, signal, startedAfter });
  });
  output.note(`${serving}${until === undefined ? '' : ` until ${until}`}`);
  return { url };
}
