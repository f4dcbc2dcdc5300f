import zlib from 'node:zlib';
import { expect } from 'chai';
import { needPrograms, prometheus3, prometheus3Path } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { type RunningPrometheus, type ScrapeJob, startPrometheus } from '../support/prometheus.js';
import { type RecordingRelay, startRecordingRelay } from '../support/recording-relay.js';
import { type ScrapedApplication, startApplication } from '../support/scraped/start-application.js';
import { storedMetadata, storedNames, storedSamples } from '../support/scraped/stored-samples.js';
import { startTinyllm, type TinyllmProcess } from '../support/tinyllm-process.js';

// Prometheus requests no escaping for protobuf and for the text format 0.0.4. The default is `underscores`.
const protobuf = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
const openMetrics1 = 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8';

/** The content type of each protocol of `scrape_protocols`. */
const protocols: Readonly<Record<string, string>> = {
  PrometheusProto: protobuf,
  'OpenMetricsText2.0.0': 'application/openmetrics-text; version=2.0.0; charset=utf-8; escaping=allow-utf-8',
  'OpenMetricsText1.0.0': openMetrics1,
  'PrometheusText1.0.0': 'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
  'PrometheusText0.0.4': 'text/plain; version=0.0.4; charset=utf-8',
};
/** The protocols that have native histograms, start timestamps and exemplars. */
const complete = ['PrometheusProto', 'OpenMetricsText2.0.0'];
/** The protocols for which Prometheus requests an escaping. */
const escaped = ['OpenMetricsText2.0.0', 'OpenMetricsText1.0.0', 'PrometheusText1.0.0'];
/** How each scheme writes two of the application's names. */
const schemes = {
  'allow-utf-8': ['custom.calls-é_total', 'custom_steps'],
  underscores: ['custom_calls___total', 'custom_steps'],
  dots: ['custom_dot_calls______total', 'custom__steps'],
  values: ['U__custom_2e_calls_2d__e9___total', 'custom_steps'],
} as const;

const pushed = `# TYPE pushed_calls_total counter
# HELP pushed_calls_total Calls.
pushed_calls_total{kind="a\\"b"} 3
# TYPE pushed_level gauge
pushed_level{kind=""} NaN
# TYPE pushed_seconds histogram
pushed_seconds_bucket{le="0.5"} 1
pushed_seconds_bucket{le="+Inf"} 2
pushed_seconds_sum 7.5
pushed_seconds_count 2
# TYPE pushed_bytes summary
pushed_bytes{quantile="0.5"} 4
pushed_bytes_sum 9
pushed_bytes_count 3
`;

function jobsOf(applicationHost: string, hubHost: string): Record<string, ScrapeJob> {
  const jobs: Record<string, ScrapeJob> = { default: {}, 'default native': { scrape_native_histograms: true } };
  const full = { scrape_native_histograms: true, always_scrape_classic_histograms: true };
  for (const protocol of Object.keys(protocols)) {
    const scraped = { scrape_protocols: [protocol], ...full };
    jobs[protocol] = scraped;
    jobs[`hub ${protocol}`] = { ...scraped, target: hubHost, params: { openmetrics2: ['1'] } };
  }
  for (const scheme of Object.keys(schemes) as (keyof typeof schemes)[]) {
    for (const protocol of escaped) {
      jobs[`${scheme} ${protocol}`] = {
        ...{ scrape_protocols: [protocol], metric_name_escaping_scheme: scheme },
        metric_name_validation_scheme: scheme === 'allow-utf-8' ? 'utf8' : 'legacy',
      };
    }
  }
  const named = Object.entries(jobs).map(([name, job]): [string, ScrapeJob] => [
    name,
    { target: applicationHost, ...job, params: { ...job.params, job: [name] } },
  ]);
  return Object.fromEntries(named);
}

describe('Prometheus 3.16', function () {
  this.timeout(60_000);

  let application: ScrapedApplication | undefined;
  let hub: TinyllmProcess | undefined;
  let relay: RecordingRelay;
  let prometheus: RunningPrometheus;
  let jobs: Record<string, ScrapeJob>;
  const cleanups: (() => Promise<void>)[] = [];

  before(async function () {
    needPrograms(this, prometheus3);
    application = await startApplication();
    cleanups.push(application.close);
    hub = startTinyllm('metrics', '--port', '0');
    cleanups.push(hub.close);
    const hubUrl = await hub.metricsUrl();
    const response = await fetch(`${hubUrl}/job/test`, { method: 'POST', body: pushed });
    expect(response.ok, await response.text()).to.equal(true);
    relay = await startRecordingRelay(application.url);
    cleanups.push(relay.close);
    jobs = jobsOf(new URL(relay.url).host, new URL(hubUrl).host);
    prometheus = await startPrometheus('', {
      ...{ jobs, program: prometheus3Path },
      features: ['openmetrics2', 'exemplar-storage', 'zstd-scrape'],
    });
    cleanups.push(prometheus.close);
    await eventually(async () => {
      const scraped = await prometheus.query('count_over_time(up[1m]) >= 2');
      return scraped.length === Object.keys(jobs).length;
    });
  });
  after(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  it('scrapes the server and the hub without errors, in each protocol', async () => {
    const { activeTargets } = (await prometheus.read('targets')) as { readonly activeTargets: readonly StoredTarget[] };
    expect(activeTargets.map(({ lastError }) => lastError).join('')).to.equal('');
    expect(await prometheus.query('min_over_time(up[1m]) != 1')).to.deep.equal([]);
    expect(await prometheus.query('scrape_samples_scraped == 0')).to.deep.equal([]);
    expect(prometheus.log).to.equal('');
  });

  for (const source of ['', 'hub ']) {
    it(`stores the same samples from each protocol${source && ' of the hub'}`, async () => {
      const text = await storedSamples(prometheus, `${source}PrometheusText0.0.4`);
      expect(text.classic.size).to.be.greaterThan(source === '' ? 100 : 8);
      expect(text.native.size).to.equal(0);
      for (const protocol of Object.keys(protocols)) {
        const { classic, native } = await storedSamples(prometheus, `${source}${protocol}`);
        const expected = [...text.classic].filter(([name]) => !isOmitted(name, protocol));
        expect(Object.fromEntries(classic), protocol).to.deep.equal(Object.fromEntries(expected));
        if (!complete.includes(protocol)) expect(native.size).to.equal(0);
      }
    });

    it(`stores the same metadata from each protocol${source && ' of the hub'}`, async () => {
      const expected = await storedMetadata(prometheus, `${source}PrometheusProto`);
      for (const [protocol, contentType] of Object.entries(protocols)) {
        const metadata = await storedMetadata(prometheus, `${source}${protocol}`);
        // Protobuf omits metrics without series.
        expect([...metadata.keys()], protocol).to.include.members([...expected.keys()]);
        for (const [name, { type, help, unit }] of metadata) {
          const known = expected.get(name);
          if (known === undefined) continue;
          expect(help, name).to.equal(known.help);
          // Only OpenMetrics has the type info. In OpenMetrics 1.0, a counter without _total has the type unknown.
          if (type !== 'info' && type !== 'unknown') expect(type, name).to.equal(known.type);
          if (!contentType.startsWith('text')) expect(unit, name).to.equal(known.unit);
        }
      }
    });
  }

  it('stores the same native histograms from protobuf and OpenMetrics 2.0', async () => {
    const [one, other] = await Promise.all(complete.map((protocol) => storedSamples(prometheus, protocol)));
    expect(Object.fromEntries(one!.native)).to.deep.equal(Object.fromEntries(other!.native));
    const labels = '[["index","a\\"b\\\\c\\nd"]]';
    const { buckets = [], ...totals } = one!.native.get(`custom_native_seconds ${labels}`)!;
    expect(totals).to.deep.equal({ count: '6', sum: '100002.0021' });
    expect(buckets.map(([, , , count]) => Number(count))).to.deep.equal([1, 1, 1, 2, 1]);
    expect(one!.native.get('custom_change []')?.buckets?.map(([, , , count]) => count)).to.deep.equal([
      ...['1', '2', '1', '1'],
    ]);
    expect(one!.native.get('custom_native_seconds [["index","empty"]]')?.count).to.equal('0');
    expect(one!.native.has('tinyllm_request_latency_seconds [["graph","default"],["model","m"]]')).to.equal(true);
    expect([...one!.native.keys()].join()).not.to.match(/custom_classic|tinyllm_node/);
  });

  it('negotiates the format, the escaping and the compression', async () => {
    const exchanges = (await relay.take()).map(({ path, requestHeaders, responseHeaders }) => ({
      job: new URL(path, relay.url).searchParams.get('job') ?? '',
      contentType: responseHeaders['content-type'],
      encoding: responseHeaders['content-encoding'],
      accepted: requestHeaders['accept-encoding'],
    }));
    const expected = (job: string): string | undefined => {
      if (job === 'default') return openMetrics1;
      // Prometheus states the escaping only for other formats. It also applies to protobuf.
      if (job === 'default native') return `${protobuf}; escaping=allow-utf-8`;
      const [scheme = '', protocol] = job.split(' ');
      if (protocol === undefined) return protocols[job];
      return protocols[protocol]?.replace('escaping=allow-utf-8', `escaping=${scheme}`);
    };
    const encoding = 'createZstdCompress' in zlib ? 'zstd' : 'gzip';
    for (const exchange of exchanges) {
      expect(exchange.contentType, exchange.job).to.equal(expected(exchange.job));
      expect(exchange.accepted).to.equal('zstd,gzip');
      expect(exchange.encoding).to.equal(encoding);
    }
    const scraped = new Set(exchanges.map(({ job }) => job));
    expect(scraped.size).to.equal(Object.keys(jobs).filter((job) => !job.startsWith('hub')).length);
  });

  for (const [scheme, examples] of Object.entries(schemes)) {
    it(`stores the same names from each protocol with the escaping scheme ${scheme}`, async () => {
      const names = await storedNames(prometheus, `${scheme} PrometheusText1.0.0`);
      expect(names).to.include.members([...examples]);
      for (const protocol of escaped) {
        const expected = names.filter((name) => !isOmitted(name, protocol));
        expect(await storedNames(prometheus, `${scheme} ${protocol}`), protocol).to.include.members(expected);
      }
    });
  }

  it('computes quantiles of 1,000,000 log-normal values within 5 %', async () => {
    const quantiles = application?.quantiles ?? [];
    expect(quantiles).to.have.lengthOf(16);
    for (const { sigma, quantile, value } of quantiles) {
      for (const job of ['default native', ...complete]) {
        const selector = `distribution{sigma="${sigma}", job="${job}"}`;
        const [computed] = (await prometheus.query(`histogram_quantile(${quantile}, ${selector})`)) ?? [];
        expect(Number(computed?.value) / value, `${sigma} ${quantile} ${job}`).to.be.within(0.95, 1.05);
      }
    }
  });

  it('stores exemplars of counters, of buckets and of native histograms', async () => {
    const end = new Date().toISOString();
    const start = new Date(Date.now() - 600_000).toISOString();
    for (const job of [...complete, 'OpenMetricsText1.0.0']) {
      const query = `{__name__=~"traced.*", job="${job}"}`;
      const read = (await prometheus.read('query_exemplars', { query, start, end })) as StoredExemplars[];
      const found = read.flatMap(({ seriesLabels, exemplars }) =>
        exemplars.map(({ labels, value }) => `${seriesLabels.__name__} ${labels.trace_id} ${value}`),
      );
      expect(found, job).to.include('traced_calls_total one 2');
      const histogram = complete.includes(job) ? 'traced_seconds' : 'traced_seconds_bucket';
      expect(found, job).to.include.members([`${histogram} two 0.05`, `${histogram} three 7`]);
    }
  });
});

/** In OpenMetrics 1.0, a histogram with negative values has neither a sum nor a count. */
function isOmitted(name: string, protocol: string): boolean {
  return protocol === 'OpenMetricsText1.0.0' && /^custom_+change_(sum|count)/.test(name);
}

interface StoredTarget {
  readonly lastError: string;
}

interface StoredExemplars {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[];
}
