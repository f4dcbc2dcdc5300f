/** One attack on a running process, and the largest damage that is accepted. */
export interface Attack {
  /** The attacked server, such as `metrics server`. */
  readonly target: string;
  /** A description of the attack, such as `1 connection pipelines 256 scrapes and reads nothing`. */
  readonly name: string;
  /** The measured quantity, such as `memory growth` or `slowest other scrape`. */
  readonly measure: string;
  readonly unit: 'MiB' | 'ms' | '×' | '%' | 'count';
  /** The largest measured value that passes. */
  readonly limit: number;
  /** Attacks for at most 60 seconds, stops everything that it started, and returns what was measured. */
  run(): Promise<number>;
}

/** The outcome of one attack. */
export interface AttackResult {
  readonly attack: Attack;
  /** `NaN` if the attack could not be measured. */
  readonly measured: number;
}
