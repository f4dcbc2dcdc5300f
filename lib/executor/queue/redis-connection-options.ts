import type { QueueUnavailableError } from '../errors/job-errors.js';

/** Options of a connection to the Redis server of a queue. */
export interface RedisConnectionOptions {
  /** `redis://host:port/database`, or `rediss://` for TLS. */
  readonly url: string;
  /** Called once per outage, when the connection is lost. Reconnection attempts continue until they succeed. */
  readonly onProblem?: ((problem: QueueUnavailableError) => void) | undefined;
}
