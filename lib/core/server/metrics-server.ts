import { followRegistry, refreshRegistry, unfollowRegistry } from '../aggregation/follow-registry.js';
import { threadSegments } from '../aggregation/thread-segments.js';
import { catalog } from '../catalog/catalog.js';
import { checkOptionTypes, type OptionTypes } from '../errors/check-option-types.js';
import type { Counter } from '../metrics/counter.js';
import { isInstrument } from '../metrics/instrument.js';
import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { foreignText } from './foreign-metrics.js';
import type { ServerExtension } from './in-process-server.js';
import { listeningUrl } from './listen.js';
import type { ListenAddress } from './scrape-protocol.js';
import { ScrapeThread } from './scrape-thread.js';
import type { Serving } from './serving.js';
import type { WebConfig } from './web-config/web-config.js';

/** How to serve metrics. */
export interface MetricsServerOptions {
  /** 0 picks a free one; default 9090. */
  readonly port?: number | undefined;
  /** Address to listen on; default 127.0.0.1, which only this machine reaches. */
  readonly host?: string | undefined;
  /** What to serve; default the shared registry. */
  readonly registry?: SharedRegistry | undefined;
  /** Whether a thread of its own answers scrapes, so that they cost the event loop nothing; default true. */
  readonly thread?: boolean | undefined;
  /** Called after each scrape that was answered, with when it began, in Unix milliseconds. */
  readonly onScrape?: ((began: number) => void) | undefined;
  /** TLS, users and headers, in the format of Prometheus' exporter-toolkit; default plain HTTP for everybody. */
  readonly webConfigFile?: string | undefined;
  /** Whether a browser gets a page at `/` that draws the metrics; default true. */
  readonly page?: boolean | undefined;
  /**
   * Told of what goes wrong while it serves: a changed web configuration that cannot be taken, or a crash of the
   * thread that answers scrapes; another thread is then started, and no count is lost.
   */
  readonly onProblem?: ((error: Error) => void) | undefined;
}

const optionTypes = {
  port: 'number',
  host: 'string',
  registry: 'object',
  thread: 'boolean',
  onScrape: 'function',
  webConfigFile: 'string',
  page: 'boolean',
  onProblem: 'function',
} as const satisfies OptionTypes & Record<keyof MetricsServerOptions, unknown>;

/** A running metrics server. */
export interface MetricsServer {
  /** Where it listens, without a path: `http://127.0.0.1:9090`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening; answers under way are finished first, for up to five seconds. */
  close(): Promise<void>;
}

/**
 * Serves `/metrics`, in the Prometheus text format or OpenMetrics, and `/-/healthy` and `/-/ready` for probes.
 *
 * `/` answers a browser with a page that draws the metrics, and everybody else like `/metrics`, so that the server's
 * bare URL can be fetched as well. A scrape of the shared registry
 * adds up what every thread of the process, and every worker of its `node:cluster`, counted that has imported the
 * package, also of threads that have ended since the import.
 *
 * @throws {ListenError} when the address cannot be listened on.
 * @throws {WebConfigError} when the web configuration cannot be taken.
 * @throws {MetricsConfigurationError} when an option is unknown or has the wrong type.
 */
export function startMetricsServer(options: MetricsServerOptions = {}): Promise<MetricsServer> {
  return startServer(options, undefined);
}

/**
 * Starts a metrics server with additional metrics and routes, in the application's own thread.
 *
 * @throws {ListenError} when the address cannot be listened on.
 * @throws {WebConfigError} when the web configuration cannot be taken.
 */
export function startExtendedServer(
  extension: ServerExtension,
  options: Omit<MetricsServerOptions, 'thread'> = {},
): Promise<MetricsServer> {
  return startServer({ ...options, thread: false }, extension);
}

async function startServer(
  options: MetricsServerOptions,
  extension: ServerExtension | undefined,
): Promise<MetricsServer> {
  checkOptionTypes('startMetricsServer', options, optionTypes);
  const { port = 9_090, host = '127.0.0.1', webConfigFile, page = true, thread = true } = options;
  const { registry = sharedRegistry } = options;
  // What is wrong with the file is told from here, with its place in it; the server opens it again where it runs.
  const webConfig = webConfigFile === undefined ? undefined : await readWebConfigFirst(webConfigFile);
  const builtPage = page ? (await import('./built-page.js')).builtPage : undefined;
  const address = { host, port, webConfigFile, page: builtPage };
  const serving = thread ? inThread(options, address) : await inProcess(options, address, extension);
  const listening = await serving.start();
  // Workers of a cluster that were there before anybody listened to them.
  await refreshRegistry(registry);
  const scheme = webConfig?.current().tls === undefined ? 'http' : 'https';
  let closed: Promise<void> | undefined;
  return {
    url: listeningUrl(host, listening, scheme),
    port: listening,
    close: () => {
      closed ??= serving.close();
      return closed;
    },
  };
}

function inThread(options: MetricsServerOptions, address: ListenAddress): Serving {
  const { registry = sharedRegistry } = options;
  const onProblem = (error: Error) => tellProblem(options, error);
  const onScrape = (began: number) => tellScrape(options, began);
  return new ScrapeThread({
    address,
    foreignText: (query, onDelay) => foreignText(registry, query, onDelay),
    refresh: () => refreshRegistry(registry),
    onScrape,
    onStart: (follower) => followRegistry(registry, follower),
    onEnd: unfollowRegistry,
    onProblem,
    onCrash: () => countCrash(registry),
  });
}

// Loaded when it is needed: an application that is scraped by another thread does without an HTTP server of its own.

async function readWebConfigFirst(file: string): Promise<WebConfig> {
  const { openWebConfig } = await import('./web-config/web-config.js');
  return openWebConfig(file);
}

async function inProcess(
  options: MetricsServerOptions,
  address: ListenAddress,
  extension: ServerExtension | undefined,
): Promise<Serving> {
  const { registry = sharedRegistry } = options;
  const { serveInProcess } = await import('./in-process-server.js');
  return serveInProcess(address, {
    registry,
    extension,
    onScrape: (began) => tellScrape(options, began),
    onProblem: (error) => tellProblem(options, error),
  });
}

/** What the application does at a scrape must not be able to end the process, nor the thread. */
function tellScrape(options: MetricsServerOptions, began: number): void {
  const tell = (error: unknown): void => tellProblem(options, error);
  try {
    // An async function is welcome here too, as far as types go.
    Promise.resolve(options.onScrape?.(began) as unknown).catch(tell);
  } catch (error) {
    tell(error);
  }
}

function tellProblem({ onProblem }: MetricsServerOptions, error: unknown): void {
  try {
    onProblem?.(error instanceof Error ? error : new Error(String(error)));
  } catch {
    // Whoever is told of problems has one of his own: there is nobody left to tell.
  }
}

/** A crash of the thread that answers scrapes is a failure of instrumentation that the application does not feel. */
function countCrash(registry: SharedRegistry): void {
  const errors: unknown = registry.getSingleMetric(catalog.instrumentationErrors.name);
  if (isInstrument(errors)) (errors as Counter).series('scrape_thread').inc();
}

// From the import on: what a thread counts that ends before the first server starts is kept.
threadSegments();
