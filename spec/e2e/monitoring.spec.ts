import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { dashboardPlans } from '../../lib/monitoring/grafana/dashboard-templates.js';
import { alertmanager, needPrograms, prometheus } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { evaluate, type KitServer, startKitAlertmanager, startKitPrometheus } from '../support/monitoring/servers.js';
import { startTinyllm, type TinyllmProcess } from '../support/tinyllm-process.js';

const run = promisify(execFile);
const folder = 'samples/monitoring';

/** Metrics without samples in a demo, with the reason. */
const withoutSamples: Readonly<Record<string, string>> = {
  tinyllm_unpriced_requests_total: 'every model of the simulation has a price',
  tinyllm_store_errors_total: 'the stores of the demo do not fail',
  tinyllm_metrics_overflow_total: 'the demo has few label values',
  tinyllm_tool_: 'the graph of the demo calls no tools',
  tinyllm_active_tools: 'the graph of the demo calls no tools',
  tinyllm_proxy_: 'the demo has no proxy; proxy-scraped.spec.ts tests these metrics',
  tinyllm_instrumentation_errors_total: 'the instrumentation does not fail',
  'job_metric:tinyllm_metrics_overflow:sum': 'the demo has few label values',
};

interface LoadedRule {
  readonly type: 'recording' | 'alerting';
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

/** An alert in Alertmanager's API. */
interface ReceivedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
}

describe('the monitoring configurations with real servers and a demo', function () {
  this.timeout(60_000);

  let demo: TinyllmProcess | undefined;
  let server: KitServer | undefined;
  let alerts: KitServer | undefined;
  let ruleTests: Promise<unknown>;

  before(async function () {
    needPrograms(this, prometheus, alertmanager);
    // Runs while the servers start, because they need some seconds for their first samples.
    ruleTests = run('promtool', ['test', 'rules', `${folder}/prometheus/rules.test.yml`]);
    ruleTests.catch(() => undefined);
    demo = startTinyllm('demo', '--port', '0', '--seed', '1', '--rate', '20/s');
    const target = new URL(await demo.metricsUrl()).host;
    const port = await freePort();
    const instead = { 'localhost:9090': target, 'localhost:9093': `127.0.0.1:${port}` };
    [alerts, server] = await Promise.all([
      startKitAlertmanager(port),
      startKitPrometheus('prometheus/prometheus.yml', { instead }),
    ]);
  });

  after(async () => {
    await Promise.all([server?.close(), alerts?.close(), demo?.close()]);
  });

  /** Waits until an expression has samples, and checks that none is NaN. Metrics in `withoutSamples` must have none. */
  async function expectSamples(expression: string, what: string): Promise<void> {
    if (Object.keys(withoutSamples).some((name) => expression.includes(name))) {
      expect(await evaluate(server!, expression), expression).to.deep.equal([]);
      return;
    }
    const samples = await eventually(async () => {
      const answer = await evaluate(server!, expression);
      return answer.length > 0 && answer;
    }).catch(() => {
      throw new Error(`${what}: no samples for ${expression}`);
    });
    for (const { value } of samples) expect(value[1], expression).not.to.equal('NaN');
  }

  it('return samples for every expression of every panel', async () => {
    // The dashboard of recorded series is for global servers. high-availability.spec.ts tests it.
    for (const { title, panels } of dashboardPlans().filter(({ recordedOnly }) => recordedOnly !== true)) {
      for (const panel of panels) {
        for (const { expression } of panel.queries) {
          const concrete = expression
            .replaceAll(/\$__(rate_interval|range)/g, '10s')
            .replaceAll(/\$(job|model|graph)\b/g, '.*');
          await expectSamples(concrete, `${title}, ${panel.title}`);
        }
      }
    }
  });

  it('evaluate every rule, and record every series', async () => {
    const rules = await eventually(async () => {
      const { groups } = await server!.ask<{ readonly groups: readonly { readonly rules: LoadedRule[] }[] }>(
        '/api/v1/rules',
      );
      const all = groups.flatMap((group) => group.rules);
      return all.every(({ health }) => health !== 'unknown') && all;
    });
    expect(rules).to.have.length.greaterThan(60);
    for (const { name, health, lastError } of rules) expect(health, `${name}: ${lastError}`).to.equal('ok');
    for (const { type, name } of rules) if (type === 'recording') await expectSamples(name, 'recorded');
  });

  it('send the alert of an open circuit breaker to the on-call receiver, with a link to the runbook', async () => {
    const received = await eventually(async () => {
      const all = await alerts!.ask<readonly ReceivedAlert[]>('/api/v2/alerts');
      return all.find(({ labels }) => labels.alertname === 'TinyLLMCircuitBreakerOpen');
    });
    const { model = '' } = received.labels;
    expect(model).to.match(/^simulated-/);
    expect(received.labels).to.include({ job: 'tinyllm', severity: 'critical' });
    expect(received.annotations.summary).to.equal(`tinyllm: the circuit breaker of model ${model} is open.`);
    const anchor = new URL(received.annotations.runbook_url ?? '').hash.slice(1);
    const headings = [...readFileSync(`${folder}/runbook.md`, 'utf8').matchAll(/^## (.+)$/gm)].map(([, name]) => name);
    expect(headings.map((name) => name?.toLowerCase())).to.include(anchor);
    expect(received.receivers).to.deep.equal([{ name: 'on-call' }]);
  });

  it('pass the checks of promtool and amtool, and the rule tests', async () => {
    const configurations = ['prometheus/prometheus', 'federation/global', 'remote-write/global'];
    configurations.push('federation/leaf-a', 'federation/leaf-b');
    await run('promtool', ['check', 'config', ...configurations.map((name) => `${folder}/${name}.yml`)]);
    const agents = ['agent-a', 'agent-b'].map((name) => `${folder}/remote-write/${name}.yml`);
    await run('promtool', ['check', 'config', '--agent', ...agents]);
    const rules = ['recording-rules', 'alerts'].map((name) => `${folder}/prometheus/${name}.yml`);
    await run('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', ...rules]);
    await run('amtool', ['check-config', `${folder}/alertmanager/alertmanager.yml`]);
    await ruleTests;
  });
});
