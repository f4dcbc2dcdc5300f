import {
  type MetricsServer,
  type MetricsServerOptions as SharedServerOptions,
  registry as sharedRegistry,
  startMetricsServer as startSharedServer,
} from 'tinyllm';
import { register } from '../registries/default-registry.js';
import type { AnyRegistry } from '../registries/registry.js';

/** Options of {@link startMetricsServer}. */
export interface MetricsServerOptions extends Omit<SharedServerOptions, 'registry'> {
  /**
   * The registry to serve; default TinyLLM's shared registry, which contains all metrics of `register`. If it is
   * `register`, the shared registry is served.
   */
  readonly registry?: AnyRegistry | undefined;
}

/**
 * Serves the metrics from a separate thread, so that scrapes don't block the event loop.
 *
 * @throws {ListenError} if the server cannot listen on the address.
 * @throws {WebConfigError} if the web configuration is invalid.
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export async function startMetricsServer(options: MetricsServerOptions = {}): Promise<MetricsServer> {
  const shared = options as SharedServerOptions;
  const isDefault = (options?.registry as unknown) === register;
  return startSharedServer(isDefault ? { ...shared, registry: sharedRegistry } : shared);
}
