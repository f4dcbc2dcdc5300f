import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { catalog } from '../../lib/core/catalog/catalog.js';
import { monitoringFiles } from '../../lib/monitoring/export/monitoring-files.js';
import { fleetQueries } from '../../lib/monitoring/queries/fleet-queries.js';
import { businessQueries, devQueries, overviewQueries } from '../../lib/monitoring/queries/queries.js';
import { needPrograms, prometheus } from '../support/e2e-programs.js';

const run = promisify(execFile);
const labels = ['tenant', 'tier2'];

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

  let folder: string;

  before(async function () {
    needPrograms(this, prometheus);
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-labels-'));
    for (const [path, text] of monitoringFiles({ labels })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  /** Runs a test of the exported rules with the series of `requestsPerMinute`. */
  async function testRules(test: object): Promise<void> {
    const series = Object.entries(requestsPerMinute).flatMap(([extra, perMinute]) => {
      const own = `job="tinyllm",instance="i",model="m",graph="g",${extra}`;
      const values = `0+${perMinute}x30`;
      return [
        { series: `${catalog.requests.name}{${own}request_type="generate"}`, values },
        { series: `${catalog.errors.name}{${own}error_type="timeout"}`, values },
        { series: `${catalog.outputTokens.name}{${own}}`, values },
        { series: `${catalog.nodeExecutions.name}{${own.replace('model="m",', 'node="n",')}}`, values },
        { series: `${catalog.toolCalls.name}{${own.replace('model="m",', 'tool="t",')}}`, values },
      ];
    });
    const queue = { series: `${catalog.queueSize.name}{job="tinyllm",instance="i",priority="normal"}`, values: '5x30' };
    const path = join(folder, 'prometheus', 'labels.test.yml');
    const rules = { rule_files: ['recording-rules.yml', 'alerts.yml'], evaluation_interval: '1m' };
    const groups = ['tinyllm-rates', 'tinyllm-states', 'tinyllm-objectives', 'tinyllm-quantiles', 'tinyllm-alerts'];
    const tests = [{ interval: '1m', input_series: [...series, queue], ...test }];
    await writeFile(path, stringify({ ...rules, group_eval_order: groups, tests }));
    await run('promtool', ['test', 'rules', path]);
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
        [overviewQueries(labels).requestRate, '{model="m"}', perSecond],
        [overviewQueries(labels).nodeRate, '{graph="g",node="n"}', perSecond],
        [overviewQueries(labels).toolRate, '{graph="g",tool="t"}', perSecond],
        [overviewQueries(labels).errorShare, '{}', 1],
        [devQueries(labels).errorsByType, '{error_type="timeout"}', perSecond],
        [businessQueries(labels).outputTokens, '{}', perSecond * 300],
        [fleet.requestRate, '{job="tinyllm"}', perSecond],
        [fleet.errorShare('5m'), '{}', 1],
        [fleet.outputTokenRate, '{}', perSecond],
        [fleet.requestsCounted, '{model="m"}', perSecond * 1200],
        [fleet.queueSize, '{job="tinyllm"}', 5],
      ];
      await testRules({
        promql_expr_test: expressions.map(([expression, result, value]) => ({
          expr: expression
            .replaceAll(/\$__(rate_interval|range)/g, '5m')
            .replaceAll('$tenant', tenant)
            .replaceAll(/\$(job|model|graph|tier2)\b/g, '.*'),
          eval_time: '20m',
          exp_samples: [{ labels: result, value }],
        })),
      });
    });
  }

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
