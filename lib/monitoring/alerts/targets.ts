import { catalog } from 'tinyllm/catalog';
import { recorded } from '../queries/recorded.js';
import { leafJobOf, type MonitoringSettings } from '../settings/settings.js';
import type { AlertPlan } from './alert-plan.js';

/** The alerts about traffic, targets and the metrics themselves. */
export function targetAlerts(settings: MonitoringSettings): readonly AlertPlan[] {
  return [noTraffic(settings), targetDown(settings), targetMissing(settings), cardinalityOverflow(settings)];
}

function noTraffic({ job }: MonitoringSettings): AlertPlan {
  const series = `${catalog.requests.name}{job="${job}",model="m"}`;
  return {
    name: 'TinyLLMNoTraffic',
    severity: 'warning',
    for: '10m',
    expression: `sum by (job) (${recorded.requests('30m')}) == 0 and sum by (job) (${recorded.requests('1d')}) > 0`,
    summary: '{{ $labels.job }}: no requests for half an hour, though there were some in the last day.',
    meaning: 'Instances run and are scraped, but nobody asks a model. Those that never had a request are left alone.',
    lookAt: [
      'Overview, "Request rate": when did it end, and did it fade or stop?',
      'What stands before TinyLLM: load balancer, queue, callers.',
    ],
    act: [
      'If the callers cannot reach TinyLLM, bring that back.',
      'If this is an hour at which nothing is to be expected, mute it in `alertmanager.yml` with `mute_time_intervals`.',
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
      'Prometheus does not reach an instance of TinyLLM, or a Prometheus below it. What it does now is in no number; what it did before stays.',
    lookAt: [
      "Prometheus' page of targets, which says why: refused, too late, a wrong certificate or password.",
      'Whether the process runs, and what it said last.',
    ],
    act: [
      'Start it again. Counters begin with 0 then, which rates allow for.',
      'A run that has ended is no target: let it push to `tinyllm metrics` instead.',
      'An instance that was taken away on purpose: take it out of the scrape configuration.',
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
    summary: '{{ $labels.job }}: Prometheus has no such target.',
    meaning:
      'No target of this job has been scraped, neither well nor badly: the configuration or the discovery has lost it.',
    lookAt: [
      "Prometheus' pages of targets and of its configuration.",
      'The name of the job: dashboards and rules are made for one, and `tinyllm monitoring export --job` makes them for another.',
    ],
    act: ['Put the job back into `prometheus.yml`, and reload it.'],
    cases: [
      { input: [], atMinute: 7, fires: [{ job }] },
      { input: [{ series: `up{job="${job}", instance="i"}`, values: '0x20' }], atMinute: 7, fires: [] },
    ],
  };
}

function cardinalityOverflow({ job }: MonitoringSettings): AlertPlan {
  const series = `${catalog.metricsOverflow.name}{job="${job}",metric="a_metric"}`;
  return {
    name: 'TinyLLMCardinalityOverflow',
    severity: 'warning',
    for: '0m',
    expression: `sum by (job, metric) (${recorded.overflow}) > 0`,
    summary: '{{ $labels.job }}: {{ $labels.metric }} has more series than it may; new label sets count as other.',
    meaning:
      'A metric holds 1,000 series unless configured otherwise. Totals stay true, but what is past the cap cannot be told apart until the process starts again.',
    lookAt: [
      'Operations, "Cardinality overflow": which metric.',
      'The values of its labels on `/metrics`: a user, a trace id or a prompt among them?',
    ],
    act: [
      'Give labels values of which there are few, and start the process again.',
      'If there are that many models, graphs and nodes: `configureMetrics({ maxSeriesPerMetric })`.',
    ],
    cases: [
      { input: [{ series, values: '_ _ 1 1 1' }], atMinute: 4, fires: [{ job, metric: 'a_metric' }] },
      { input: [{ series, values: '0x10' }], atMinute: 4, fires: [] },
    ],
  };
}
