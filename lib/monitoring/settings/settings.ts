/** A service-level objective for availability. */
export interface AvailabilityObjective {
  /** The share of requests that must succeed, 0.9 to 0.99999. */
  readonly share: number;
}

/** A service-level objective for latency. */
export interface LatencyObjective {
  /**
   * The maximum duration in seconds. Must be a bucket bound of the latency histogram, unless the histograms are native.
   */
  readonly seconds: number;
  /** The share of requests that must finish within that duration, 0.9 to 0.99999. */
  readonly share: number;
}

/** The settings of dashboards, rules and configurations. */
export interface MonitoringSettings {
  /** The name of Grafana's data source. */
  readonly datasource: string;
  /** The name of the scrape job. */
  readonly job: string;
  /** The addresses of TinyLLM's metrics endpoints: `host:port`. */
  readonly targets: readonly string[];
  readonly availability: AvailabilityObjective;
  readonly latency: LatencyObjective;
  /** The URL of the runbook. Alerts link to its sections. */
  readonly runbookUrl: string;
  /**
   * The additional labels that the application configures with `configureMetrics({ labels })`. Each one becomes a
   * variable of the dashboards, and a table that compares its values. Default: none.
   */
  readonly labels?: readonly string[];
  /**
   * Whether rules, dashboards and rule tests use native histograms, and the Prometheus configurations scrape them.
   * Needs Prometheus 3.8 or later, and instances that serve native histograms. Default: false.
   */
  readonly nativeHistograms?: boolean;
}

/** The uid and the path of the runbook dashboard in Grafana. */
export const runbookDashboard = { uid: 'tinyllm-runbook', path: '/d/tinyllm-runbook' } as const;

/** The default settings: one TinyLLM and the monitoring programs on the same machine. */
export const defaultSettings: MonitoringSettings = {
  datasource: 'Prometheus',
  job: 'tinyllm',
  targets: ['localhost:9090'],
  availability: { share: 0.99 },
  latency: { seconds: 10, share: 0.95 },
  runbookUrl: `http://localhost:3000${runbookDashboard.path}`,
};

/**
 * The job under which the global Prometheus scrapes the leaves or agents. These are the Prometheus servers that scrape
 * the instances.
 */
export function leafJobOf(job: string): string {
  return `${job}-leaf`;
}
