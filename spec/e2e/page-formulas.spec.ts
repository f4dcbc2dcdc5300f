import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { catalog } from '../../lib/core/catalog/catalog.js';
import { parseExposition } from '../../lib/core/formats/parse-exposition.js';
import { History } from '../../lib/core/server/page/history.js';
import { panels } from '../../lib/core/server/page/panels.js';
import { Scrape } from '../../lib/core/server/page/scrape.js';
import { type StepStatistics, stepKinds, stepStatistics } from '../../lib/core/server/page/step-statistics.js';
import { filterLabels } from '../../lib/monitoring/queries/additional-labels.js';
import { overviewQueries, shownQuantiles } from '../../lib/monitoring/queries/queries.js';
import { needPrograms, prometheus } from '../support/e2e-programs.js';

/** A series that grows linearly, so that its rate is the same over every window. A gauge has no growth. */
interface EvenSeries {
  readonly series: string;
  readonly growth: number;
  /** The first value. Default: 0. */
  readonly start?: number;
}

/** An expected sample in the result of an expression. */
interface ExpectedSample {
  readonly labels: string;
  readonly value: number;
}

const queries = overviewQueries(filterLabels([]));
const interval = 2;
const scrapes = 60;

function histogram(
  { name, buckets = [] }: { readonly name: string; readonly buckets?: readonly number[] },
  labels: string,
  growths: readonly number[],
): readonly EvenSeries[] {
  let growth = 0;
  const bounds = [...buckets, '+Inf'].map((le, place) => {
    growth += growths[place] ?? 0;
    return { series: `${name}_bucket{${labels},le="${le}"}`, growth };
  });
  return [
    ...bounds,
    { series: `${name}_sum{${labels}}`, growth: 7.25 },
    { series: `${name}_count{${labels}}`, growth },
  ];
}

const [tiny, large] = ['model="tiny",graph="g"', 'model="large",graph="h"'];
const evenSeries: readonly EvenSeries[] = [
  { series: `${catalog.requests.name}{${tiny},request_type="generate"}`, growth: 31 },
  { series: `${catalog.requests.name}{${tiny},request_type="stream"}`, growth: 6 },
  { series: `${catalog.requests.name}{${large},request_type="generate"}`, growth: 11 },
  { series: `${catalog.errors.name}{error_type="timeout",${tiny}}`, growth: 3 },
  { series: `${catalog.errors.name}{error_type="server",${large}}`, growth: 2 },
  { series: `${catalog.inputTokens.name}{${tiny}}`, growth: 900 },
  { series: `${catalog.inputTokens.name}{${large}}`, growth: 70 },
  { series: `${catalog.outputTokens.name}{${tiny}}`, growth: 1300 },
  { series: `${catalog.activeRequests.name}{${tiny}}`, growth: 0, start: 5 },
  { series: `${catalog.activeRequests.name}{${large}}`, growth: 0, start: 8 },
  { series: `${catalog.circuitBreakerState.name}{model="tiny"}`, growth: 0, start: 0 },
  { series: `${catalog.circuitBreakerState.name}{model="large"}`, growth: 0, start: 2 },
  { series: `${catalog.cacheHits.name}{cache_type="memory"}`, growth: 13 },
  { series: `${catalog.cacheMisses.name}{cache_type="memory"}`, growth: 24 },
  { series: `${catalog.cacheMisses.name}{cache_type="redis"}`, growth: 5 },
  ...histogram(catalog.requestLatency, tiny, [0, 1, 0, 4, 9, 12, 3, 2]),
  ...histogram(catalog.requestLatency, large, [0, 0, 0, 0, 0, 0, 5, 17, 3, 0, 0, 0, 0, 1]),
  ...histogram(catalog.nodeDuration, 'node="answer",graph="g"', [2, 4, 8, 16, 3, 1]),
  ...histogram(catalog.nodeDuration, 'node="sum",graph="h"', [6, 5]),
  { series: `${catalog.nodeExecutions.name}{node="answer",graph="g"}`, growth: 34 },
  { series: `${catalog.nodeExecutions.name}{node="sum",graph="h"}`, growth: 11 },
  { series: `${catalog.nodeErrors.name}{error_type="timeout",node="answer",graph="g"}`, growth: 5 },
  { series: `${catalog.nodeErrors.name}{error_type="server",node="answer",graph="g"}`, growth: 2 },
  ...histogram(catalog.toolDuration, 'tool="search",graph="g"', [0, 2, 4, 8, 16, 3, 1]),
  ...histogram(catalog.toolDuration, 'tool="sum",graph="h"', [6, 5]),
  { series: `${catalog.toolCalls.name}{tool="search",graph="g"}`, growth: 34 },
  { series: `${catalog.toolCalls.name}{tool="sum",graph="h"}`, growth: 11 },
  { series: `${catalog.toolErrors.name}{error_type="timeout",tool="search",graph="g"}`, growth: 5 },
];

describe('the values on the landing page', function () {
  this.timeout(20_000);

  const history = new History();
  const latest = (panel: string, name: string): number => {
    const { lines = [] } = panels.find(({ id }) => id === panel)?.data(history) ?? {};
    return lines.find((line) => line.name === name)?.values.at(-1) ?? Number.NaN;
  };
  const byModel = (panel: string): ExpectedSample[] =>
    ['tiny', 'large'].map((model) => ({ labels: `{model="${model}"}`, value: latest(panel, model) }));
  const unlabelled = (value: number): ExpectedSample[] => [{ labels: '{}', value }];
  const ofSteps = (kind: keyof typeof stepKinds) => (figure: (step: StepStatistics) => number) =>
    stepStatistics(history.latest!.scrape, stepKinds[kind]).map((one) => ({
      labels: `{graph="${one.graph}", ${kind}="${one.name}"}`,
      value: figure(one),
    }));
  const [ofNodes, ofTools] = [ofSteps('node'), ofSteps('tool')];

  before(function () {
    needPrograms(this, prometheus);
    for (let place = 0; place <= scrapes; place++) {
      const lines = evenSeries.map(({ series, growth, start = 0 }) => `${series} ${start + growth * place}`);
      history.add({ at: place * interval, scrape: new Scrape(parseExposition(lines.join('\n'))) });
    }
  });

  it("are what Prometheus answers to the overview's expressions over the same series", async () => {
    const { cells } = panels.find(({ id }) => id === 'latency')!.data(history)!;
    const ended = cells?.columns.at(-1) ?? [];
    const compared: Record<keyof typeof queries, readonly (readonly [string, readonly ExpectedSample[]])[]> = {
      requestRate: [[queries.requestRate, byModel('request-rate')]],
      latencyBuckets: [
        [
          queries.latencyBuckets,
          cells!.bounds.map((bound, row) => ({
            labels: `{le="${Number.isFinite(bound) ? bound : '+Inf'}"}`,
            value: ended!.slice(0, row + 1).reduce((sum, count) => sum + count, 0) / interval,
          })),
        ],
      ],
      latencyQuantile: shownQuantiles.map((quantile) => [
        queries.latencyQuantile(quantile),
        unlabelled(latest('latency', `p${quantile * 100}`)),
      ]),
      errorShare: [[queries.errorShare, unlabelled(latest('errors', 'Errors') / 100)]],
      inputTokenRate: [[queries.inputTokenRate, unlabelled(latest('tokens', 'Sent'))]],
      outputTokenRate: [[queries.outputTokenRate, unlabelled(latest('tokens', 'Generated'))]],
      breakerState: [[queries.breakerState, byModel('breakers')]],
      activeRequests: [[queries.activeRequests, unlabelled(latest('active', 'In flight'))]],
      cacheHitShare: [[queries.cacheHitShare, unlabelled(latest('cache', 'Hits') / 100)]],
      // The page's table covers all time. The rate is the same, because these series grow linearly.
      nodeRate: [[queries.nodeRate, ofNodes(({ executions }) => executions / (scrapes * interval))]],
      nodeMean: [[queries.nodeMean, ofNodes(({ mean }) => mean)]],
      nodeQuantile: [[queries.nodeQuantile, ofNodes(({ p95 }) => p95)]],
      nodeErrorShare: [[queries.nodeErrorShare, ofNodes(({ errors, executions }) => errors / executions)]],
      toolRate: [[queries.toolRate, ofTools(({ executions }) => executions / (scrapes * interval))]],
      toolMean: [[queries.toolMean, ofTools(({ mean }) => mean)]],
      toolQuantile: [[queries.toolQuantile, ofTools(({ p95 }) => p95)]],
      toolErrorShare: [[queries.toolErrorShare, ofTools(({ errors, executions }) => errors / executions)]],
    };
    await expectAnswers(Object.values(compared).flat());
  });

  it('include every panel', () => {
    expect(panels.map(({ id }) => id)).to.deep.equal([
      ...['request-rate', 'latency', 'errors', 'tokens', 'breakers', 'active', 'cache'],
    ]);
    for (const panel of panels) expect(panel.data(history), panel.id).to.be.an('object');
  });
});

/** Evaluates each expression at the end of the series with promtool, and compares the results. */
async function expectAnswers(answers: readonly (readonly [string, readonly ExpectedSample[]])[]): Promise<void> {
  const tests = answers.map(([expression, samples]) => ({
    // Rounded, because sums in another order differ in their last digits.
    expr: `round(${concrete(expression)}, 0.000001)`,
    eval_time: `${scrapes * interval}s`,
    exp_samples: samples.map(({ labels, value }) => ({ labels, value: Math.floor(value * 1e6 + 0.5) / 1e6 })),
  }));
  const input = evenSeries.map(({ series, growth, start = 0 }) => ({
    series,
    values: `${start}+${growth}x${scrapes}`,
  }));
  const group = { interval: `${interval}s`, input_series: input, promql_expr_test: tests };
  const folder = await mkdtemp(join(tmpdir(), 'tinyllm-formulas-'));
  try {
    // JSON is valid YAML.
    await writeFile(join(folder, 'test.yml'), JSON.stringify({ evaluation_interval: '2s', tests: [group] }));
    await promisify(execFile)('promtool', ['test', 'rules', join(folder, 'test.yml')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function concrete(expression: string): string {
  return expression.replaceAll('$__rate_interval', '30s').replaceAll(/\$(job|model|graph)\b/g, '.*');
}
