import { leafJobOf, type MonitoringSettings } from '../settings/settings.js';

/** The names of the two rule files, relative to `prometheus.yml`. */
export const ruleFileNames = { recording: 'recording-rules.yml', alerts: 'alerts.yml' } as const;

const intervals = { scrape_interval: '15s', evaluation_interval: '15s' } as const;
const alerting = { alertmanagers: [{ static_configs: [{ targets: ['localhost:9093'] }] }] } as const;
const sharedRules = (name: string) => `../prometheus/${name}`;

/** The configuration of a single Prometheus that scrapes, records and alerts. */
export function prometheusConfiguration(settings: MonitoringSettings) {
  return {
    global: intervals,
    alerting,
    rule_files: [ruleFileNames.recording, ruleFileNames.alerts],
    scrape_configs: [scrapeInstances(settings, settings.targets)],
  };
}

/** The comments at the start of `prometheus.yml`. */
export function prometheusNotes({ nativeHistograms }: MonitoringSettings): readonly string[] {
  if (nativeHistograms !== true) return [];
  return [
    '',
    'scrape_native_histograms needs Prometheus 3.8 or later. Prometheus then stores native histograms instead of the',
    'classic series _bucket, _sum and _count. If your own queries need the classic series, add',
    'always_scrape_classic_histograms: true to the job. Prometheus then stores both.',
    '',
    'Prometheus can also use start timestamps: --enable-feature=created-timestamp-zero-ingestion stores a 0 at the start',
    'of each counter and histogram. With this flag, increase() of a counter that Prometheus first sees at 1 is about 1.',
    'Without it, increase() is 0, because the first sample has no earlier sample to compare with.',
  ];
}

/** The configuration of a leaf: a federated Prometheus that scrapes and records. */
export function leafConfiguration(settings: MonitoringSettings, { name, targets }: Leaf) {
  return {
    global: { ...intervals, external_labels: { leaf: name } },
    rule_files: [sharedRules(ruleFileNames.recording)],
    scrape_configs: [scrapeInstances(settings, targets)],
  };
}

/** The configuration of the global Prometheus, which adds up the recorded series of the leaves, and alerts. */
export function globalConfiguration(settings: MonitoringSettings) {
  const { job, labels = [] } = settings;
  const level = labels.length === 0 ? 'job(_[a-z]+)*' : 'job(_[a-zA-Z0-9_]+)?';
  return {
    global: intervals,
    alerting,
    rule_files: [sharedRules(ruleFileNames.alerts)],
    scrape_configs: [
      {
        ...scrape(leafJobOf(job), leaves.map(addressOf)),
        metrics_path: '/federate',
        params: { 'match[]': [`{__name__=~"${level}:.+", job="${job}"}`, `up{job="${job}"}`] },
        honor_labels: true,
        // With the leaf's timestamps, the last values of a stopped leaf would remain valid for five minutes.
        honor_timestamps: false,
        // Recorded histograms are native if those of the instances are.
        ...histogramOptions(settings),
      },
    ],
  };
}

/** The configuration of a Prometheus in agent mode, which scrapes, stores nothing, and writes to the global server. */
export function agentConfiguration(settings: MonitoringSettings, { name, targets }: Leaf) {
  const sent = settings.nativeHistograms === true ? { send_native_histograms: true } : {};
  return {
    global: { scrape_interval: intervals.scrape_interval, external_labels: { agent: name } },
    scrape_configs: [scrapeInstances(settings, targets)],
    remote_write: [{ url: 'http://global:9091/api/v1/write', ...sent }],
  };
}

/**
 * The configuration of the global Prometheus for remote write. It records, alerts, and scrapes the agents themselves.
 */
export function receiverConfiguration({ job }: MonitoringSettings) {
  return {
    global: intervals,
    alerting,
    rule_files: [sharedRules(ruleFileNames.recording), sharedRules(ruleFileNames.alerts)],
    scrape_configs: [scrape(leafJobOf(job), agents.map(addressOf))],
  };
}

/** A leaf or agent, and its targets. */
export interface Leaf {
  readonly name: string;
  readonly host: string;
  readonly targets: readonly string[];
}

const shards = [
  { name: 'a', targets: ['instance-1:9090', 'instance-2:9090'] },
  { name: 'b', targets: ['instance-3:9090'] },
] as const;

/** The leaves of the exported example: three instances on two leaves. */
export const leaves: readonly Leaf[] = shards.map((shard) => ({ ...shard, host: `leaf-${shard.name}` }));

/** The agents of the exported example. */
export const agents: readonly Leaf[] = shards.map((shard) => ({ ...shard, host: `agent-${shard.name}` }));

function addressOf({ host }: Leaf): string {
  return `${host}:9091`;
}

function scrapeInstances(settings: MonitoringSettings, targets: readonly string[]) {
  return { ...scrape(settings.job, targets), ...histogramOptions(settings) };
}

/** Classic histograms need no option. So the default configurations also work with Prometheus 2. */
function histogramOptions({ nativeHistograms }: MonitoringSettings) {
  return nativeHistograms === true ? { scrape_native_histograms: true } : {};
}

function scrape(job: string, targets: readonly string[]) {
  return { job_name: job, static_configs: [{ targets }] };
}
