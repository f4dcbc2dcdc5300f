import { expect } from 'chai';
import { needPrograms, prometheus3, prometheus3Path } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.js';
import { type ScrapedApplication, startApplication } from '../support/scraped/start-application.js';

const protocols = ['PrometheusProto', 'OpenMetricsText2.0.0'];
const jobs = Object.fromEntries(protocols.map((protocol) => [protocol, { scrape_protocols: [protocol] }]));

describe('start timestamps in Prometheus 3.16', function () {
  this.timeout(60_000);

  const cleanups: (() => Promise<void>)[] = [];
  let application: ScrapedApplication | undefined;
  after(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  async function start(features: readonly string[]): Promise<RunningPrometheus> {
    const prometheus = await startPrometheus(new URL(application?.url ?? '').host, {
      ...{ jobs, program: prometheus3Path },
      features: ['openmetrics2', ...features],
    });
    cleanups.push(prometheus.close);
    await eventually(async () => (await prometheus.query('up == 1')).length === protocols.length);
    return prometheus;
  }

  before(async function () {
    needPrograms(this, prometheus3);
    application = await startApplication();
    cleanups.push(application.close);
  });

  it('make the increase of a counter that is first seen at 1 about 1', async () => {
    const [without, withStart] = await Promise.all([start([]), start(['created-timestamp-zero-ingestion'])]);
    // Prometheus has already scraped the application when the counter appears.
    application?.process.send('late_calls_total');
    for (const prometheus of [without, withStart]) {
      await eventually(
        async () => (await prometheus.query('count_over_time(late_calls_total[1m]) > 4')).length === protocols.length,
      );
    }
    const increase = 'increase(late_calls_total[1m])';
    expect((await without.query(increase)).map(({ value }) => value)).to.deep.equal(['0', '0']);
    const increases = await withStart.query(increase);
    expect(increases).to.have.lengthOf(protocols.length);
    // Prometheus extrapolates to the time of the query.
    for (const { value } of increases) expect(Number(value)).to.be.within(1, 1.5);
    expect(without.log + withStart.log).to.equal('');
  });
});
