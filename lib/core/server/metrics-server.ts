import { followRegistry, refreshRegistry, unfollowRegistry } from '../aggregation/follow-registry.js';
import { threadSegments } from '../aggregation/thread-segments.js';
import { catalog } from '../catalog/catalog.js';
import { checkOptionTypes, type OptionTypes } from '../errors/check-option-types.js';
import { MetricsConfigurationError } from '../errors/errors.js';
import type { Counter } from '../metrics/counter.js';
import { isInstrument } from '../metrics/instrument.js';
import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { updateMetrics } from '../metrics/update-metrics.js';
import { foreignContent } from './foreign-metrics.js';
import type { ServerExtension } from './in-process-server.js';
import { listeningUrl } from './listen.js';
import type { ListenAddress } from './scrape-protocol.js';
import { ScrapeThread } from './scrape-thread.js';
import type { StartableServer } from './startable-server.js';
import type { WebConfig } from './web-config/web-config.js';

/** Options of {@link startMetricsServer}. */
export interface MetricsServerOptions {
  /** The port; default 9090. 0 picks a free port. */
  readonly port?: number | undefined;
  /** The address to listen on; default 127.0.0.1, which only this machine can reach. */
  readonly host?: string | undefined;
  /** The registry to serve; default the shared registry. */
  readonly registry?: SharedRegistry | undefined;
  /** Whether a separate thread serves scrapes, so that they don't block the event loop; default true. */
  readonly thread?: boolean | undefined;
  /** Called after each completed scrape with its start time, in Unix milliseconds. */
  readonly onScrape?: ((began: number) => void) | undefined;
  /**
   * A file with TLS, users and headers, in the format of Prometheus' exporter-toolkit; default plain HTTP, no
   * passwords.
   */
  readonly webConfigFile?: string | undefined;
  /** Whether browsers get a page at `/` that draws the metrics; default true. */
  readonly page?: boolean | undefined;
  /**
   * Whether clients that request OpenMetrics 2.0 get it; default false. It is a release candidate. Other clients are
   * not affected.
   */
  readonly openMetrics2?: boolean | undefined;
  /**
   * Called with problems that don't stop the application. By default, they are ignored.
   *
   * - Mistakes in the labels of decorators, function wrappers and graph files. Those from before the start of the
   *   server are included.
   * - Invalid values of the environment variables `TINYLLM_METRICS`, `TINYLLM_BUCKETS` and
   *   `TINYLLM_NATIVE_HISTOGRAMS`.
   * - An invalid change of the web configuration, an error of a request or of `onScrape`, or a new error of a metric's
   *   `collect`.
   * - A crash of the scrape thread. A new thread then starts. No counts are lost.
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
  openMetrics2: 'boolean',
  onProblem: 'function',
} as const satisfies OptionTypes & Record<keyof MetricsServerOptions, unknown>;

/** A running metrics server. */
export interface MetricsServer {
  /** The URL without a path, such as `http://127.0.0.1:9090`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening. Responses in progress get up to 5 s to finish. Repeated calls have no extra effect. */
  close(): Promise<void>;
}

/**
 * Serves `/metrics`, in the Prometheus text format or OpenMetrics, and `/-/healthy` and `/-/ready` for probes.
 *
 * At `/`, browsers get a page that draws the metrics, and other clients get the same response as at `/metrics`.
 *
 * A scrape of the shared registry sums the metrics of all threads of the process and of its `node:cluster` workers, if
 * they have imported the package. Counts of threads that have ended since the import are included.
 *
 * @throws {ListenError} if the server cannot listen on the address.
 * @throws {WebConfigError} if the web configuration is invalid.
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export async function startMetricsServer(options: MetricsServerOptions = {}): Promise<MetricsServer> {
  checkOptionTypes('startMetricsServer', options, optionTypes);
  checkRegistry(options.registry);
  return startServer(options, undefined);
}

/**
 * Starts a metrics server with additional metrics and routes in the current thread.
 *
 * @throws {ListenError} if the server cannot listen on the address.
 * @throws {WebConfigError} if the web configuration is invalid.
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export async function startExtendedServer(
  extension: ServerExtension,
  options: Omit<MetricsServerOptions, 'thread'> = {},
): Promise<MetricsServer> {
  checkOptionTypes('startExtendedServer', options, optionTypes);
  return startServer({ ...options, thread: false }, extension);
}

/** Registries of prom-client have the same methods, but their metrics can't be read from shared memory. */
function checkRegistry(registry: object | undefined): void {
  if (registry === undefined || 'followMemory' in registry) return;
  throw new MetricsConfigurationError(
    `startMetricsServer got a registry of the original prom-client or another object (class ${registry.constructor?.name}); expected \`registry\` of tinyllm, a SharedRegistry of tinyllm/server or a Registry of @tinyllm/prom-client. Use the Registry of one of these packages.`,
  );
}

async function startServer(
  options: MetricsServerOptions,
  extension: ServerExtension | undefined,
): Promise<MetricsServer> {
  const { port = 9_090, host = '127.0.0.1', webConfigFile, page = true, thread = true } = options;
  const { openMetrics2 = false } = options;
  const { registry = sharedRegistry } = options;
  // Read the file here to throw errors with line and column. The thread of the server reads it again.
  const webConfig = webConfigFile === undefined ? undefined : await readWebConfigFirst(webConfigFile);
  const builtPage = page ? (await import('./built-page.js')).builtPage : undefined;
  const address = { host, port, webConfigFile, page: builtPage, openMetrics2 };
  const serving = thread ? inThread(options, address) : await inProcess(options, address, extension);
  const listening = await serving.start();
  const reports = [registry.collectProblems, registry.problems];
  const stopReports = reports.map((problems) => problems.follow((error) => reportProblem(options, error)));
  // Cluster workers that started earlier have not reported yet, and `collect` functions were not called yet.
  await Promise.all([refreshRegistry(registry), updateMetrics(registry)]);
  const scheme = webConfig?.current().tls === undefined ? 'http' : 'https';
  let closed: Promise<void> | undefined;
  return {
    url: listeningUrl(host, listening, scheme),
    port: listening,
    close: () => {
      for (const stop of stopReports) stop();
      closed ??= serving.close();
      return closed;
    },
  };
}

function inThread(options: MetricsServerOptions, address: ListenAddress): StartableServer {
  const { registry = sharedRegistry } = options;
  const onProblem = (error: Error) => reportProblem(options, error);
  const onScrape = (began: number) => reportScrape(options, began);
  return new ScrapeThread({
    address,
    foreignContent: (query, onDelay) => foreignContent(registry, query, onDelay),
    refresh: () => refreshRegistry(registry),
    onScrape,
    onStart: (follower) => followRegistry(registry, follower),
    onEnd: unfollowRegistry,
    onProblem,
    onCrash: () => countCrash(registry),
  });
}

// Import these modules only if needed: an application with a scrape thread needs no HTTP server in the main thread.

async function readWebConfigFirst(file: string): Promise<WebConfig> {
  const { openWebConfig } = await import('./web-config/web-config.js');
  return openWebConfig(file);
}

async function inProcess(
  options: MetricsServerOptions,
  address: ListenAddress,
  extension: ServerExtension | undefined,
): Promise<StartableServer> {
  const { registry = sharedRegistry } = options;
  const { serveInProcess } = await import('./in-process-server.js');
  return serveInProcess(address, {
    registry,
    extension,
    onScrape: (began) => reportScrape(options, began),
    onProblem: (error) => reportProblem(options, error),
  });
}

/** Calls `onScrape`. Its errors must not end the process or the thread. */
function reportScrape(options: MetricsServerOptions, began: number): void {
  const report = (error: unknown): void => reportProblem(options, error);
  try {
    // The type of `onScrape` also allows async functions.
    Promise.resolve(options.onScrape?.(began) as unknown).catch(report);
  } catch (error) {
    report(error);
  }
}

function reportProblem({ onProblem }: MetricsServerOptions, error: unknown): void {
  try {
    onProblem?.(error instanceof Error ? error : new Error(String(error)));
  } catch {
    // `onProblem` itself has failed, so the error cannot be reported.
  }
}

/** Counts a crash of the scrape thread as an instrumentation error. */
function countCrash(registry: SharedRegistry): void {
  const errors: unknown = registry.getSingleMetric(catalog.instrumentationErrors.name);
  if (isInstrument(errors)) (errors as Counter).series('scrape_thread').inc();
}

// Follow the threads of the process from the import on, to keep the counts of threads that end before the first server
// starts.
threadSegments();
