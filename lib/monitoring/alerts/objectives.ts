import { catalog } from 'tinyllm/catalog';
import { type ObjectiveWindow, recorded } from '../queries/recorded.js';
import type { MonitoringSettings } from '../settings/settings.js';
import type { AlertCase, AlertPlan, InputSeries } from './alert-plan.js';
import { type BurnRate, burnExpression, fastBurnRates, slowBurnRates } from './burn-rate.js';

type BadWhen = 'always' | 'once';

/** What the two alerts of an objective share. */
interface Objective {
  readonly name: string;
  readonly budget: number;
  readonly badShare: (window: ObjectiveWindow) => string;
  readonly what: string;
  readonly lookAt: readonly string[];
  readonly act: readonly string[];
  /** Series of 100 requests a minute, of which a share is bad: always, or for the first ten minutes alone. */
  readonly traffic: (badShare: number, when?: BadWhen) => readonly InputSeries[];
}

/** The alerts of the objectives on errors and on time. */
export function objectiveAlerts(settings: MonitoringSettings): readonly AlertPlan[] {
  return [availability(settings), latency(settings)].flatMap((objective) => [
    burnAlert(settings, objective, { speed: 'Fast', rates: fastBurnRates }),
    burnAlert(settings, objective, { speed: 'Slow', rates: slowBurnRates }),
  ]);
}

function burnAlert(
  { job }: MonitoringSettings,
  { name, budget, badShare, what, lookAt, act, traffic }: Objective,
  { speed, rates }: { readonly speed: 'Fast' | 'Slow'; readonly rates: readonly BurnRate[] },
): AlertPlan {
  const fast = speed === 'Fast';
  const fires = [{ job }];
  const cases: readonly AlertCase[] = [
    { input: traffic(1), atMinute: 20, fires },
    // Slower than the first pair of windows tells, and fast enough for the second.
    { input: traffic(Math.min(budget * 8, 1)), atMinute: 20, fires },
    { input: traffic(budget * 2), atMinute: 20, fires: fast ? [] : fires },
    { input: traffic(budget / 2), atMinute: 20, fires: [] },
    // Much was burnt, but it is over.
    { input: traffic(1, 'once'), atMinute: 45, fires: fast ? [] : fires },
    { input: tooFew(job), atMinute: 20, fires: [] },
  ];
  return {
    name: `TinyLLM${name}BudgetBurn${speed}`,
    severity: fast ? 'critical' : 'warning',
    for: fast ? '2m' : '15m',
    expression: burnExpression(rates, budget, badShare),
    summary: `{{ $labels.job }}: ${what}, ${fast ? 'so often that the budget of a month is gone in days' : 'more often than the budget of a month allows'}.`,
    meaning: fast
      ? `Requests break the objective at ${rates[0]?.factor} times the speed that a month's budget allows over the last hour, or at ${rates[1]?.factor} times over the last six, and still do.`
      : `Requests break the objective at ${rates[0]?.factor} times the speed that a month's budget allows over the last day, or at more than that speed over the last three, and still do.`,
    lookAt,
    act,
    cases,
  };
}

function availability({ job, availability: { share } }: MonitoringSettings): Objective {
  return {
    name: 'Error',
    budget: rounded(1 - share),
    badShare: (window) => `sum by (job) (${recorded.errors(window)}) / sum by (job) (${recorded.requests(window)})`,
    what: 'requests to models fail',
    lookAt: [
      'Overview, "Errors" and "Circuit breakers": one model or all of them?',
      'Development, "Request errors": the error type. `timeout` is a slow or hanging provider, `ModelUnavailableError` one that is not there, `ModelRateLimitError` a limit.',
      'Business, "Requests by graph": whether one graph has most of the traffic that fails.',
    ],
    act: [
      'One model: look at its provider, and give it a fallback (`fallbacks:` in the graph file) until it is back.',
      'Timeouts: lower the load or raise the time limit; see the latency alerts.',
      'Errors of your own code begin with a release: take it back.',
      'Requests that an open breaker turns away are no errors here; TinyLLMCircuitBreakerOpen tells of them.',
    ],
    traffic: (badShare, when) => [
      { series: `${catalog.requests.name}{job="${job}",model="m"}`, values: counting(100, 100) },
      {
        series: `${catalog.errors.name}{job="${job}",model="m"}`,
        values: counting(100 * badShare, when === 'once' ? 0 : 100 * badShare),
      },
    ],
  };
}

function latency({ job, latency: { seconds, share } }: MonitoringSettings): Objective {
  const { name } = catalog.requestLatency;
  const { requests } = catalog;
  return {
    name: 'Latency',
    budget: rounded(1 - share),
    badShare: (window) =>
      `1 - sum by (job) (${recorded.answeredInTime(window)}) / sum by (job) (${recorded.answered(window)})`,
    what: `requests take longer than ${seconds} s`,
    lookAt: [
      'Overview, "Latency" and "Latency percentiles": all requests, or a second hump?',
      'Development, "Time to first token" and "Time per output token": waiting, or slow generation?',
      'Operations, "Queue", "Rate limiter", "Model loads": time before the model even begins.',
      'Development, "Length of answers": longer answers take longer.',
    ],
    act: [
      'Waiting: more workers or instances, a smaller queue, or a higher rate limit.',
      'Slow generation: a smaller model, a shorter limit on answers, or more hardware.',
      'Models loaded again and again: keep them in memory (`OLLAMA_KEEP_ALIVE`), or use fewer.',
      'If the work has changed, the objective may have to: `tinyllm monitoring export --latency-seconds`.',
    ],
    traffic: (badShare, when) => [
      { series: `${requests.name}{job="${job}",model="m"}`, values: counting(100, 100) },
      { series: `${name}_count{job="${job}",model="m"}`, values: counting(100, 100) },
      {
        series: `${name}_bucket{job="${job}",model="m",le="${seconds}"}`,
        values: counting(100 - 100 * badShare, when === 'once' ? 100 : 100 - 100 * badShare),
      },
    ],
  };
}

/** A counter that goes up by as much each minute of the first ten, and by as much then. */
function counting(first: number, then: number): string {
  return `0+${rounded(first)}x10 ${rounded(first * 10 + then)}+${rounded(then)}x40`;
}

/** Five requests that all fail and all take too long: too few to speak of a share. */
function tooFew(job: string): readonly InputSeries[] {
  const values = '0 1 2 3 4 5x30';
  return [catalog.requests.name, catalog.errors.name, `${catalog.requestLatency.name}_count`].map((name) => ({
    series: `${name}{job="${job}",model="m"}`,
    values,
  }));
}

/** Without the digits by which binary fractions miss decimal ones. */
function rounded(share: number): number {
  return Number(share.toPrecision(6));
}
