/** A service-level objective on answers that are no errors. */
export interface AvailabilityObjective {
  /** The share of requests that shall not fail, 0.9 to 0.99999. */
  readonly share: number;
}

/** A service-level objective on time. */
export interface LatencyObjective {
  /** Within how many seconds; an end point of the latency histogram's buckets. */
  readonly seconds: number;
  /** The share of requests that shall be over by then, 0.9 to 0.99999. */
  readonly share: number;
}

/** What dashboards, rules and configurations are made for. */
export interface MonitoringSettings {
  /** The name of Grafana's data source. */
  readonly datasource: string;
  /** The name of the scrape job. */
  readonly job: string;
  /** Where TinyLLM serves its metrics: `host:port` each. */
  readonly targets: readonly string[];
  readonly availability: AvailabilityObjective;
  readonly latency: LatencyObjective;
  /** Where the runbook can be read; alerts link to its sections. */
  readonly runbookUrl: string;
}

/** The uid, and the path in Grafana, of the dashboard that shows the runbook. */
export const runbookDashboard = { uid: 'tinyllm-runbook', path: '/d/tinyllm-runbook' } as const;

/** What monitoring is made for unless told otherwise: one TinyLLM on this machine, and everything beside it. */
export const defaultSettings: MonitoringSettings = {
  datasource: 'Prometheus',
  job: 'tinyllm',
  targets: ['localhost:9090'],
  availability: { share: 0.99 },
  latency: { seconds: 10, share: 0.95 },
  runbookUrl: `http://localhost:3000${runbookDashboard.path}`,
};

/** The job by which a global Prometheus scrapes the ones below it. */
export function leafJobOf(job: string): string {
  return `${job}-leaf`;
}
