import type { QueueUnavailableError } from '../errors/job-errors.js';

/** How to connect, and whom to tell of outages. */
export interface RedisConnectionOptions {
  /** `redis://host:port/database`, or `rediss://` for TLS. */
  readonly url: string;
  /** Takes the news that the connection was lost; it is tried again until it is back. Once an outage. */
  readonly onProblem?: ((problem: QueueUnavailableError) => void) | undefined;
}
