import type { OpenMetricsContentType, PrometheusContentType } from 'prom-client-original';
import {
  MetricsConfigurationError,
  type MetricsServer,
  type SharedRegistry,
  type MetricsServerOptions as SharedServerOptions,
  registry as sharedRegistry,
  startMetricsServer as startSharedServer,
} from 'tinyllm';
import { register } from '../registries/default-registry.js';
import type { Registry } from '../registries/registry.js';

/** A registry whose metrics a server can read from shared memory. */
export type ServedRegistry = Registry<PrometheusContentType> | Registry<OpenMetricsContentType> | SharedRegistry;

/** Options of {@link startMetricsServer}. */
export interface MetricsServerOptions extends Omit<SharedServerOptions, 'registry'> {
  /**
   * The registry to serve: a `Registry` of this package, or TinyLLM's shared registry, which is the default. The shared
   * registry contains all metrics of `register`. If the option is `register`, the shared registry is served.
   */
  readonly registry?: ServedRegistry | undefined;
}

/**
 * Serves the metrics from a separate thread, so that scrapes don't block the event loop.
 *
 * @throws {ListenError} if the server cannot listen on the address.
 * @throws {WebConfigError} if the web configuration is invalid.
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type, or if `registry` is a registry of
 * another package.
 */
export async function startMetricsServer(options: MetricsServerOptions = {}): Promise<MetricsServer> {
  const registry: unknown = options?.registry;
  if (registry !== undefined) checkRegistry(registry);
  const shared = options as SharedServerOptions;
  return startSharedServer(registry === register ? { ...shared, registry: sharedRegistry } : shared);
}

/**
 * Throws if a value is not a registry that this package can serve.
 *
 * Checks a method instead of the class, because a registry of another copy of this package has another class.
 */
function checkRegistry(registry: unknown): void {
  const { followMemory, getMetricsAsArray } = Object(registry) as Readonly<Record<string, unknown>>;
  if (typeof followMemory === 'function') return;
  const isOfPromClient = typeof getMetricsAsArray === 'function';
  const shownType = registry === null ? 'null' : `a value of type ${typeof registry}`;
  const received = isOfPromClient ? 'a registry of the original prom-client' : shownType;
  const advice = isOfPromClient
    ? 'Import Registry from the same package as startMetricsServer.'
    : 'To serve the default registry, leave out the option.';
  throw new MetricsConfigurationError(
    `startMetricsServer got ${received} for the option "registry"; expected a Registry of @tinyllm/prom-client or the ` +
      `registry of tinyllm. ${advice}`,
  );
}
