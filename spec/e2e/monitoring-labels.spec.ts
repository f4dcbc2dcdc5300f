import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { catalog } from '../../lib/core/catalog/catalog.js';
import { filterLabels } from '../../lib/monitoring/queries/additional-labels.js';
import { shownTimeScope } from '../../lib/monitoring/queries/dashboard-scope.js';
import { fleetQueries } from '../../lib/monitoring/queries/fleet-queries.js';
import { labelQueries } from '../../lib/monitoring/queries/label-queries.js';
import { businessQueries, devQueries, overviewQueries } from '../../lib/monitoring/queries/queries.js';
import { needPrograms, prometheus } from '../support/e2e-programs.js';
import { type ExportedFolder, exportFolder } from '../support/monitoring/exported-folder.js';

const run = promisify(execFile);
const labels = ['tenant', 'tier2'];
const filters = filterLabels(labels);

type PromqlTest = readonly [
  expression: string,
  samples: readonly { readonly labels: string; readonly value: number }[],
];

/** Requests per minute by the additional labels in a selector. The last series has no value for them. */
const requestsPerMinute: Readonly<Record<string, number>> = {
  'tenant="acme",tier2="gold",': 60,
  'tenant="acme",tier2="free",': 120,
  'tenant="globex",tier2="gold",': 240,
  'tenant="",tier2="",': 480,
};

/** The selected tenants as Grafana writes them into an expression, and the requests per second. */
const selections: Readonly<Record<string, number>> = {
  acme: 3,
  '(acme|globex)': 7,
  '.*': 15,
};

describe('the export with additional labels', function () {
  this.timeout(60_000);

  let exported: ExportedFolder | undefined;
  let folder: string;

  before(async function () {
    needPrograms(this, prometheus);
    exported = await exportFolder({ labels });
    folder = exported.path;
  });

  after(() => exported?.remove());

  /** The series of `requestsPerMinute`. */
  function inputSeries(): readonly object[] {
    const series = Object.entries(requestsPerMinute).flatMap(([extra, perMinute]) => {
      const own = `job="tinyllm",instance="i",model="m",graph="g",${extra}`;
      const values = `0+${perMinute}x30`;
      return [
        { series: `${catalog.requests.name}{${own}request_type="generate"}`, values },
        { series: `${catalog.errors.name}{${own}error_type="timeout"}`, values },
        { series: `${catalog.outputTokens.name}{${own}}`, values },
        { series: `${catalog.requestLatency.name}_bucket{${own}le="1"}`, values },
        { series: `${catalog.requestLatency.name}_bucket{${own}le="+Inf"}`, values },
        // Requests without labels have no price.
        ...(extra.includes('""') ? [] : [{ series: `${catalog.cost.name}{${own}}`, values }]),
        { series: `${catalog.nodeExecutions.name}{${own.replace('model="m",', 'node="n",')}}`, values },
        { series: `${catalog.toolCalls.name}{${own.replace('model="m",', 'tool="t",')}}`, values },
      ];
    });
    const queue = { series: `${catalog.queueSize.name}{job="tinyllm",instance="i",priority="normal"}`, values: '5x30' };
    return [...series, queue];
  }

  /** Runs a test of the exported rules. */
  async function testRules(test: object, series = inputSeries()): Promise<void> {
    const path = join(folder, 'prometheus', 'labels.test.yml');
    const rules = { rule_files: ['recording-rules.yml', 'alerts.yml'], evaluation_interval: '1m' };
    const groups = ['tinyllm-rates', 'tinyllm-states', 'tinyllm-objectives', 'tinyllm-quantiles', 'tinyllm-alerts'];
    const tests = [{ interval: '1m', input_series: series, ...test }];
    await writeFile(path, stringify({ ...rules, group_eval_order: groups, tests }));
    await run('promtool', ['test', 'rules', path]);
  }

  /** Tests queries of dashboards, with the selected values of variables. All other variables select all values. */
  async function testQueries(
    tests: readonly PromqlTest[],
    selected: Readonly<Record<string, string>>,
    series = inputSeries(),
  ): Promise<void> {
    const test = {
      promql_expr_test: tests.map(([expression, samples]) => ({
        // Rounds, because rates have small floating-point errors.
        expr: `round(${expression
          .replaceAll(/\$__(rate_interval|range)/g, '5m')
          .replaceAll(/\$(\w+)/g, (_match, name: string) => selected[name] ?? '.*')}, 0.001)`,
        eval_time: '20m',
        exp_samples: samples,
      })),
    };
    await testRules(test, series);
  }

  it('passes the checks of promtool, and its own rule tests', async () => {
    const configurations = ['prometheus/prometheus', 'federation/global', 'federation/leaf-a', 'remote-write/global'];
    await run('promtool', ['check', 'config', ...configurations.map((name) => join(folder, `${name}.yml`))]);
    const rules = ['recording-rules', 'alerts'].map((name) => join(folder, 'prometheus', `${name}.yml`));
    await run('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', ...rules]);
    await run('promtool', ['test', 'rules', join(folder, 'prometheus', 'rules.test.yml')]);
  });

  for (const [tenant, perSecond] of Object.entries(selections)) {
    it(`shows ${perSecond} requests per second if the variable tenant is ${tenant}`, async () => {
      const fleet = fleetQueries(labels);
      const expressions: readonly (readonly [string, string, number])[] = [
        [overviewQueries(filters).requestRate, '{model="m"}', perSecond],
        [overviewQueries(filters).nodeRate, '{graph="g",node="n"}', perSecond],
        [overviewQueries(filters).toolRate, '{graph="g",tool="t"}', perSecond],
        [overviewQueries(filters).errorShare, '{}', 1],
        [devQueries(filters).errorsByType, '{error_type="timeout"}', perSecond],
        [businessQueries(filters).outputTokens, '{}', perSecond * 300],
        [fleet.requestRate, '{job="tinyllm"}', perSecond],
        [fleet.errorShare('5m'), '{}', 1],
        [fleet.outputTokenRate, '{}', perSecond],
        [fleet.requestsCounted, '{model="m"}', perSecond * 1200],
        [fleet.queueSize, '{job="tinyllm"}', 5],
      ];
      const samples = expressions.map(
        ([expression, result, value]) => [expression, [{ labels: result, value }]] as const,
      );
      await testQueries(samples, { tenant });
    });
  }

  it('compares the tenants, and shows requests without a tenant as (none)', async () => {
    const perTenant = { acme: 3, globex: 4, '(none)': 8 };
    const priced = { acme: 3, globex: 4 };
    const samplesOf = (values: Readonly<Record<string, number>>, of: (perSecond: number) => number) =>
      Object.entries(values).map(([tenant, perSecond]) => ({ labels: `{tenant="${tenant}"}`, value: of(perSecond) }));
    const queries = labelQueries('tenant', shownTimeScope(filters, 'classic'));
    await testQueries(
      [
        [queries.requestRate, samplesOf(perTenant, (perSecond) => perSecond)],
        [queries.errorShare, samplesOf(perTenant, () => 1)],
        [queries.latencyQuantile, samplesOf(perTenant, () => 0.95)],
        [queries.outputTokenRate, samplesOf(perTenant, (perSecond) => perSecond)],
        [queries.costPerDay, samplesOf(priced, (perSecond) => perSecond * 86_400)],
      ],
      {},
    );
    await testQueries([[queries.requestRate, samplesOf({ acme: 1 }, (perSecond) => perSecond)]], {
      tenant: '(acme|initech)',
      tier2: 'gold',
    });
  });

  it('compares the 20 tenants with the most requests, and omits a tenant with the name (none)', async () => {
    const tenants = Array.from({ length: 24 }, (_none, index) => [`t${index}`, index + 1] as const);
    const series = [...tenants, ['', 30] as const, ['(none)', 40] as const].map(([tenant, perSecond]) => ({
      series: `${catalog.requests.name}{job="tinyllm",instance="i",model="m",graph="g",tenant="${tenant}"}`,
      values: `0+${perSecond * 60}x30`,
    }));
    const shown = [...tenants.slice(-19), ['(none)', 30] as const];
    const { requestRate, errorShare } = labelQueries('tenant', shownTimeScope(filters, 'classic'));
    await testQueries(
      [
        [requestRate, shown.map(([tenant, value]) => ({ labels: `{tenant="${tenant}"}`, value }))],
        [errorShare, shown.map(([tenant]) => ({ labels: `{tenant="${tenant}"}`, value: 0 }))],
      ],
      {},
      series,
    );
  });

  it('shows nodes and tools for each selected provider, because only requests have a provider', async () => {
    const own = 'job="tinyllm",instance="i",graph="g"';
    const series = [
      { series: `${catalog.requests.name}{${own},model="m",provider="openai"}`, values: '0+60x30' },
      { series: `${catalog.requests.name}{${own},model="m",provider="ollama"}`, values: '0+120x30' },
      { series: `${catalog.nodeExecutions.name}{${own},node="n",provider=""}`, values: '0+180x30' },
      { series: `${catalog.toolCalls.name}{${own},tool="t",provider=""}`, values: '0+240x30' },
    ];
    const { requestRate, nodeRate, toolRate } = overviewQueries(filterLabels(['provider']));
    await testQueries(
      [
        [requestRate, [{ labels: '{model="m"}', value: 1 }]],
        [nodeRate, [{ labels: '{graph="g",node="n"}', value: 3 }]],
        [toolRate, [{ labels: '{graph="g",tool="t"}', value: 4 }]],
      ],
      { provider: 'openai' },
      series,
    );
  });

  it('records one series per tenant, and keeps the labels', async () => {
    await testRules({
      promql_expr_test: [
        {
          expr: 'job_tenant_tier2:tinyllm_requests:rate5m',
          eval_time: '20m',
          exp_samples: Object.entries(requestsPerMinute).map(([extra, perMinute]) => ({
            labels: `job_tenant_tier2:tinyllm_requests:rate5m{job="tinyllm",${extra}}`.replaceAll(/\w+="",/g, ''),
            value: perMinute / 60,
          })),
        },
      ],
    });
  });

  it('has alerts per job, not per tenant', async () => {
    await testRules({
      promql_expr_test: [
        {
          expr: 'count by (alertname, job, tenant) (ALERTS{alertname="TinyLLMErrorBudgetBurnFast", alertstate="firing"})',
          eval_time: '20m',
          exp_samples: [{ labels: '{alertname="TinyLLMErrorBudgetBurnFast",job="tinyllm"}', value: 1 }],
        },
      ],
    });
  });
});
