import { catalog } from 'tinyllm/catalog';
import { type ObjectiveWindow, recordedSeries } from '../queries/recorded.js';
import type { MonitoringSettings } from '../settings/settings.js';
import type { AlertCase, AlertPlan, InputSeries } from './alert-plan.js';
import { type BurnRate, burnExpression, burnFactor, fastBurnRates, slowBurnRates } from './burn-rate.js';
import { counterValues, fewEvents, fewLateRequests, latencySeries, rounded } from './latency-series.js';

type BadWhen = 'always' | 'once';

/** The common parts of the two alerts of an objective. */
interface Objective {
  readonly name: string;
  readonly budget: number;
  readonly badShare: (window: ObjectiveWindow) => string;
  readonly what: string;
  readonly lookAt: readonly string[];
  readonly act: readonly string[];
  /** Test series with 100 requests per minute. A share of them is bad: always, or only in the first ten minutes. */
  readonly traffic: (badShare: number, when?: BadWhen) => readonly InputSeries[];
}

/** The alerts of the objectives for availability and latency. */
export function objectiveAlerts(settings: MonitoringSettings): readonly AlertPlan[] {
  return [availability(settings), latency(settings)].flatMap((objective) => [
    burnAlert(settings, objective, { speed: 'Fast', rates: fastBurnRates }),
    burnAlert(settings, objective, { speed: 'Slow', rates: slowBurnRates }),
  ]);
}

function burnAlert(
  settings: MonitoringSettings,
  { name, budget, badShare, what, lookAt, act, traffic }: Objective,
  { speed, rates }: { readonly speed: 'Fast' | 'Slow'; readonly rates: readonly BurnRate[] },
): AlertPlan {
  const { job, labels = [] } = settings;
  const fast = speed === 'Fast';
  const fires = [{ job }];
  const requestRate = (window: ObjectiveWindow) => `sum by (job) (${recordedSeries(labels).requests(window)})`;
  const [first = 0, second = 0] = rates.map(({ factor }) => burnFactor(factor, budget));
  const cases: readonly AlertCase[] = [
    { input: traffic(1), atMinute: 20, fires },
    // For the fast alert: below the factor of the first burn rate, and above that of the second. For the slow alert:
    // above both.
    { input: traffic(Math.min(budget * 8, 1)), atMinute: 20, fires },
    { input: traffic(budget * 2), atMinute: 20, fires: fast ? [] : fires },
    { input: traffic(budget / 2), atMinute: 20, fires: [] },
    // A large part of the budget was used, but the problem is over.
    { input: traffic(1, 'once'), atMinute: 45, fires: fast ? [] : fires },
    { input: lowTraffic(settings), atMinute: 20, fires: [] },
  ];
  return {
    name: `TinyLLM${name}BudgetBurn${speed}`,
    severity: fast ? 'critical' : 'warning',
    for: fast ? '2m' : '15m',
    expression: burnExpression(rates, budget, { badShare, requestRate }),
    summary: `{{ $labels.job }}: ${what}, ${fast ? 'and will use up the monthly error budget within days' : 'and use up the monthly error budget too fast'}.`,
    meaning: fast
      ? `Requests use up the error budget more than ${first} times as fast as the monthly objective allows (last hour), or more than ${second} times as fast (last six hours). The problem is still active.`
      : `Requests use up the error budget more than ${first} times as fast as the monthly objective allows (last day), or faster than it allows (last three days). The problem was active in the last hours, and may be over.`,
    lookAt,
    act,
    cases,
  };
}

function availability({ job, availability: { share }, labels = [] }: MonitoringSettings): Objective {
  const recorded = recordedSeries(labels);
  return {
    name: 'Error',
    budget: rounded(1 - share),
    badShare: (window) => `sum by (job) (${recorded.errors(window)}) / sum by (job) (${recorded.requests(window)})`,
    what: 'model requests fail',
    lookAt: [
      'Overview, "Error rate" and "Circuit breakers": is one model affected, or all?',
      'Development, "Request errors": the error type. `timeout` means a slow or hanging provider, `ModelUnavailableError` a provider that is down, `ModelRateLimitError` a rate limit of the provider.',
      'Business, "Requests by graph": does one graph cause most of the traffic?',
    ],
    act: [
      'If one model fails, check its provider. Until it works again, configure a fallback (`fallback:` of a model in the graph file).',
      'If requests time out, reduce the load or increase the timeout. See also the latency alerts.',
      'If the errors started with a release of your application, roll it back.',
      'Requests that an open circuit breaker rejects are not counted here. For them, see TinyLLMCircuitBreakerOpen.',
    ],
    traffic: (badShare, when) => [
      { series: `${catalog.requests.name}{job="${job}",model="m"}`, values: counterValues({ first: 100, later: 100 }) },
      {
        series: `${catalog.errors.name}{job="${job}",model="m"}`,
        values: counterValues({ first: 100 * badShare, later: when === 'once' ? 0 : 100 * badShare }),
      },
    ],
  };
}

function latency(settings: MonitoringSettings): Objective {
  const { job, labels = [] } = settings;
  const { seconds, share } = settings.latency;
  const recorded = recordedSeries(labels);
  const all = { first: 100, later: 100 };
  return {
    name: 'Latency',
    budget: rounded(1 - share),
    badShare: (window) =>
      `1 - sum by (job) (${recorded.answeredInTime(window)}) / sum by (job) (${recorded.answered(window)})`,
    what: `requests take longer than ${seconds} s`,
    lookAt: [
      'Overview, "Latency" and "Latency percentiles": are all requests slow, or only one group of them?',
      'Development, "Time to first token" and "Time per output token": do requests wait, or is the generation slow?',
      'Operations, "Queue wait (p95)", "Rate limiter wait (p95)" and "Model load time": the time before the model starts.',
      'Development, "Output tokens per request": longer answers take more time.',
    ],
    act: [
      'If requests wait, add workers or instances, use a smaller queue, or increase the rate limit.',
      'If the generation is slow, use a smaller model, a lower limit of output tokens, or more hardware.',
      'If models are loaded repeatedly, keep them in memory (`OLLAMA_KEEP_ALIVE`), or use fewer models.',
      'If the objective no longer fits the workload, change it: `tinyllm monitoring export --latency-seconds`.',
    ],
    traffic: (badShare, when) => [
      { series: `${catalog.requests.name}{job="${job}",model="m"}`, values: counterValues(all) },
      ...latencySeries(settings, {
        answered: all,
        inTime: { first: 100 - 100 * badShare, later: when === 'once' ? 100 : 100 - 100 * badShare },
      }),
    ],
  };
}

/** Five requests that all fail and take too long. They are too few for an alert. */
function lowTraffic(settings: MonitoringSettings): readonly InputSeries[] {
  const counters = [catalog.requests, catalog.errors].map(({ name }) => ({
    series: `${name}{job="${settings.job}",model="m"}`,
    values: fewEvents,
  }));
  return [...counters, fewLateRequests(settings)];
}
