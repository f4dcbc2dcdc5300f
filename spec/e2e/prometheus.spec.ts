import { expect } from 'chai';
import { needPrograms, prometheus, prometheus3, prometheus3Path } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.js';
import { seedQueries } from '../support/seed-queries.js';
import { startTinyllm, type TinyllmProcess } from '../support/tinyllm-process.js';

interface RunReport {
  readonly answer: string;
  readonly graph: string;
  readonly model: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  readonly trace: readonly { readonly node: string }[];
}

const versions = [
  { version: "Debian's Prometheus", needed: prometheus, program: 'prometheus' },
  { version: 'Prometheus 3.16', needed: prometheus3, program: prometheus3Path },
];

for (const { version, needed, program } of versions) {
  describe(`a run that ${version} scrapes`, function () {
    this.timeout(60_000);

    let run: TinyllmProcess | undefined;
    let server: RunningPrometheus | undefined;
    let report: RunReport;

    before(async function () {
      needPrograms(this, needed);
      run = startTinyllm(
        ...['run', 'What is 2+2?', '--provider', 'embedded', '--json', '--trace'],
        ...['--metrics-port', '0', '--linger', '60'],
      );
      server = await startPrometheus(new URL(await run.metricsUrl()).host, { program });
      // The run serves its metrics until the first scrape after its answer. So it ends because Prometheus scrapes it.
      expect(await run.ended, run.printed.stderr).to.equal(0);
      report = JSON.parse(run.printed.stdout) as RunReport;
      await eventually(async () => (await lastSum('tinyllm_requests_total')) !== undefined);
    });

    after(async () => {
      await server?.close();
      await run?.close();
    });

    /** The sum of the last values in Prometheus over all series. The target itself has already exited. */
    async function lastSum(selector: string): Promise<number | undefined> {
      const [sum] = (await server?.query(`sum(last_over_time(${selector}[5m]))`)) ?? [];
      return sum === undefined ? undefined : Number(sum.value);
    }

    it('prints its answer', () => {
      expect(report).to.include({ answer: '4', graph: 'multi_domain', model: 'embedded' });
    });

    it('records its request in Prometheus', async () => {
      const labels = '{model="embedded", graph="multi_domain"}';
      expect(await lastSum(`tinyllm_requests_total${labels}`)).to.equal(1);
      expect(await lastSum(`tinyllm_request_latency_seconds_count${labels}`)).to.equal(1);
      expect(await lastSum(`tinyllm_request_latency_seconds_sum${labels}`)).to.be.greaterThan(0);
      expect(await lastSum(`tinyllm_active_requests${labels}`)).to.equal(0);
      expect(await lastSum('tinyllm_errors_total')).to.be.oneOf([0, undefined]);
    });

    it('records the same tokens in Prometheus as it prints', async () => {
      const labels = '{model="embedded", graph="multi_domain"}';
      expect(report.usage.inputTokens).to.be.greaterThan(0);
      expect(await lastSum(`tinyllm_tokens_input_total${labels}`)).to.equal(report.usage.inputTokens);
      expect(await lastSum(`tinyllm_tokens_output_total${labels}`)).to.equal(report.usage.outputTokens);
    });

    it('records each executed node in Prometheus, and no other', async () => {
      const passed = report.trace.map(({ node }) => node).sort();
      expect(passed).to.include.members(['entry', 'router', 'calculator', 'math', 'exit']);
      const samples = (await server?.query('last_over_time(tinyllm_node_executions_total[5m]) > 0')) ?? [];
      expect(samples.map(({ metric }) => metric.node).sort()).to.deep.equal(passed);
      for (const { metric, value } of samples) {
        expect(metric).to.include({ graph: 'multi_domain', job: 'tinyllm' });
        expect(value).to.equal('1');
      }
      for (const node of passed) {
        const labels = `{node="${node}", graph="multi_domain"}`;
        expect(await lastSum(`tinyllm_node_execution_duration_seconds_count${labels}`)).to.equal(1);
      }
    });

    it('records its graph in Prometheus', async () => {
      const labels = '{graph="multi_domain"}';
      expect(await lastSum(`tinyllm_graph_executions_total${labels}`)).to.equal(1);
      expect(await lastSum(`tinyllm_graph_execution_duration_seconds_count${labels}`)).to.equal(1);
      expect(await lastSum(`tinyllm_active_graphs${labels}`)).to.equal(0);
      expect(await lastSum('tinyllm_system_info')).to.equal(1);
    });

    for (const [topic, queries] of Object.entries(seedQueries)) {
      it(`evaluates the queries about ${topic.toLowerCase()}`, async () => {
        for (const query of queries) expect(await server?.query(query), query).to.be.an('array');
      });
    }
  });
}
