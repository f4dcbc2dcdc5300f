/** A server in whichever thread, before it listens. */
export interface Serving {
  start(): Promise<number>;
  close(): Promise<void>;
}
