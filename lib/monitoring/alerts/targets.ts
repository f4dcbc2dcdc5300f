import { catalog } from 'tinyllm/catalog';
import { recordedSeries } from '../queries/recorded.js';
import { leafJobOf, type MonitoringSettings } from '../settings/settings.js';
import type { AlertPlan } from './alert-plan.js';

/** The alerts for traffic, targets and the metrics themselves. */
export function targetAlerts(settings: MonitoringSettings): readonly AlertPlan[] {
  return [noTraffic(settings), targetDown(settings), targetMissing(settings), cardinalityOverflow(settings)];
}

function noTraffic({ job, labels = [] }: MonitoringSettings): AlertPlan {
  const { requests } = recordedSeries(labels);
  const series = `${catalog.requests.name}{job="${job}",model="m"}`;
  return {
    name: 'TinyLLMNoTraffic',
    severity: 'warning',
    for: '10m',
    expression: `sum by (job) (${requests('30m')}) == 0 and sum by (job) (${requests('1d')}) > 0`,
    summary: '{{ $labels.job }}: no requests for 30 minutes, but some in the last day.',
    meaning:
      'Instances run and are scraped, but there are no model requests. The alert ignores jobs without requests in the last day.',
    lookAt: [
      'Overview, "Request rate": when did the traffic stop, and was it sudden or gradual?',
      'The systems that send requests to TinyLLM: load balancer, queue, clients.',
    ],
    act: [
      'If clients cannot reach TinyLLM, restore the connection.',
      'If it is normal to have no traffic at this time of day, mute the alert with `mute_time_intervals` in `alertmanager.yml`.',
    ],
    cases: [
      { input: [{ series, values: '0+10x3 30x60' }], atMinute: 50, fires: [{ job }] },
      { input: [{ series, values: '0+10x60' }], atMinute: 50, fires: [] },
      { input: [{ series, values: '0x60' }], atMinute: 50, fires: [] },
    ],
  };
}

function targetDown({ job }: MonitoringSettings): AlertPlan {
  const up = (name: string) => `up{job="${name}", instance="i"}`;
  const leaves = leafJobOf(job);
  return {
    name: 'TinyLLMTargetDown',
    severity: 'critical',
    for: '2m',
    expression: `up{job="${job}"} == 0 or up{job="${leaves}"} == 0`,
    summary: '{{ $labels.job }}: {{ $labels.instance }} cannot be scraped.',
    meaning:
      'Prometheus cannot scrape a target: an instance of TinyLLM, a leaf or an agent. Leaves and agents are Prometheus servers that scrape instances for a global Prometheus. Current values of the target are missing. Earlier samples of the target remain.',
    lookAt: [
      'The targets page of Prometheus, which shows the reason: connection refused, timeout, or a wrong certificate or password.',
      'The process: does it run? If not, the last lines of its log can contain the reason.',
    ],
    act: [
      'Restart the process. Its counters then start at 0, and rates handle that correctly.',
      'Short runs should not be targets. Let them push to `tinyllm metrics` instead.',
      'If the instance was removed on purpose, remove it from the scrape configuration.',
    ],
    cases: [
      { input: [{ series: up(job), values: '1 1 0x10' }], atMinute: 6, fires: [{ job, instance: 'i' }] },
      { input: [{ series: up(leaves), values: '1 1 0x10' }], atMinute: 6, fires: [{ job: leaves, instance: 'i' }] },
      { input: [{ series: up(job), values: '1 1 0 1x10' }], atMinute: 6, fires: [] },
    ],
  };
}

function targetMissing({ job }: MonitoringSettings): AlertPlan {
  return {
    name: 'TinyLLMTargetMissing',
    severity: 'critical',
    for: '5m',
    expression: `absent(up{job="${job}"})`,
    summary: '{{ $labels.job }}: Prometheus has no target with this job.',
    meaning:
      'Prometheus has no target of this job, neither up nor down. The scrape configuration or the service discovery lost it.',
    lookAt: [
      'The targets page and the configuration page of Prometheus.',
      'The name of the job. Dashboards and rules contain it. To change it, use `tinyllm monitoring export --job`.',
    ],
    act: ['Add the job to `prometheus.yml` again, and reload the configuration.'],
    cases: [
      { input: [], atMinute: 7, fires: [{ job }] },
      { input: [{ series: `up{job="${job}", instance="i"}`, values: '0x20' }], atMinute: 7, fires: [] },
    ],
  };
}

function cardinalityOverflow({ job }: MonitoringSettings): AlertPlan {
  const { overflow } = recordedSeries([]);
  const series = `${catalog.metricsOverflow.name}{job="${job}",metric="a_metric"}`;
  return {
    name: 'TinyLLMCardinalityOverflow',
    severity: 'warning',
    for: '0m',
    expression: `sum by (job, metric) (${overflow}) > 0`,
    summary:
      '{{ $labels.job }}: {{ $labels.metric }} exceeded its limit of series; new label sets are counted in one series, whose label values are all "other".',
    meaning:
      'A metric has reached its limit of label sets, by default 1,000. New label sets share one series until the process restarts. Totals remain correct.',
    lookAt: [
      'Operations, "Cardinality overflow": which metric is affected?',
      'The label values of this metric on `/metrics`: do they contain users, trace ids or prompts?',
    ],
    act: [
      'Use labels with few different values, and restart the process.',
      'If you really have that many models, graphs and nodes, increase the limit with `configureMetrics({ maxSeriesPerMetric })`.',
    ],
    cases: [
      { input: [{ series, values: '_ _ 1 1 1' }], atMinute: 4, fires: [{ job, metric: 'a_metric' }] },
      { input: [{ series, values: '0x10' }], atMinute: 4, fires: [] },
    ],
  };
}
