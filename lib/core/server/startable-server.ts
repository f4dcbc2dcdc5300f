/** A metrics server in the current thread or in the scrape thread. `start` resolves to the port. */
export interface StartableServer {
  start(): Promise<number>;
  close(): Promise<void>;
}
