import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { catalog } from '../../lib/core/catalog/catalog.js';
import { parseExposition } from '../../lib/core/formats/parse-exposition.js';
import {
  accessibilityFaults,
  advanceClock,
  type PageFaults,
  pixelsOf,
  startBrowser,
  textOf,
  textsOf,
  watchFaults,
} from '../support/browser.js';
import { chromium, needPrograms } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { type NativeProcess, startNativeProcess } from '../support/native-process.js';
import { parseText } from '../support/parse-text.js';
import { startTinyllm, type TinyllmProcess } from '../support/tinyllm-process.js';
import { hashOfSecret, tlsLines, WebConfigFolder } from '../support/web-config-folder.js';

/** The metrics that an executor would push after this number of requests. */
function traffic(requests: number): string {
  const [model, node] = ['model="tiny",graph="g"', 'node="slow",graph="g"'];
  const histogram = (
    { name, buckets = [] }: { readonly name: string; readonly buckets?: readonly number[] },
    labels: string,
  ) => [
    `# TYPE ${name} histogram`,
    // Half of the requests took 0.5 to 1 s, the other half 1 to 2.5 s.
    ...buckets.map((le) => `${name}_bucket{${labels},le="${le}"} ${le < 1 ? 0 : le === 1 ? requests / 2 : requests}`),
    `${name}_bucket{${labels},le="+Inf"} ${requests}`,
    `${name}_sum{${labels}} ${requests * 1.25}`,
    `${name}_count{${labels}} ${requests}`,
  ];
  return [
    '# TYPE tinyllm_requests_total counter',
    `tinyllm_requests_total{${model},request_type="chat"} ${requests}`,
    '# TYPE tinyllm_errors_total counter',
    `tinyllm_errors_total{error_type="timeout",${model}} ${requests / 4}`,
    '# TYPE tinyllm_tokens_input_total counter',
    `tinyllm_tokens_input_total{${model}} ${requests * 10}`,
    '# TYPE tinyllm_tokens_output_total counter',
    `tinyllm_tokens_output_total{${model}} ${requests * 50}`,
    '# TYPE tinyllm_active_requests gauge',
    `tinyllm_active_requests{${model}} 3`,
    '# TYPE tinyllm_circuit_breaker_state gauge',
    'tinyllm_circuit_breaker_state{model="tiny"} 2',
    '# TYPE tinyllm_cache_hits_total counter',
    `tinyllm_cache_hits_total{cache_type="response"} ${requests / 4}`,
    '# TYPE tinyllm_cache_misses_total counter',
    `tinyllm_cache_misses_total{cache_type="response"} ${(requests * 3) / 4}`,
    ...histogram(catalog.requestLatency, model),
    ...histogram(catalog.nodeDuration, node),
    ...histogram(catalog.toolDuration, 'tool="search",graph="g"'),
    '',
  ].join('\n');
}

describe('the landing page in a browser', function () {
  this.timeout(60_000);

  let browser: Browser;
  let hub: TinyllmProcess;
  let run: TinyllmProcess;
  let demo: TinyllmProcess;
  let url: string;
  let page: Page;
  let faults: PageFaults;
  const running: TinyllmProcess[] = [];
  const start = (...args: readonly string[]) => {
    const started = startTinyllm(...args);
    running.push(started);
    return started;
  };
  const originOf = async (process: TinyllmProcess) => `${new URL(await process.metricsUrl()).origin}/`;

  /** Opens the page. With the clock `stopped`, time passes only when a test advances it. */
  const open = async (at: string, options: BrowserContextOptions = {}, clock: 'stopped' | 'moving' = 'stopped') => {
    const context = await browser.newContext(options);
    const opened = await context.newPage();
    if (clock === 'stopped') {
      await opened.clock.install({ time: 1_800_000_000_000 });
      await opened.clock.pauseAt(1_800_000_001_000);
    }
    const seen = watchFaults(opened, at);
    await opened.goto(at);
    await textOf(opened, '#status', /Live/);
    return { page: opened, faults: seen };
  };
  const push = (requests: number) => fetch(`${url}metrics/job/executor`, { method: 'PUT', body: traffic(requests) });
  const headline = (panel: string) => textOf(page, `#${panel} .headline`);

  before(async function () {
    needPrograms(this, chromium);
    hub = start('metrics', '--port', '0');
    run = start('run', 'What is 2+2?', '--provider', 'embedded', '--metrics-port', '0', '--linger', '60');
    demo = start('demo', '--port', '0', '--rate', '10/s', '--seed', '1');
    [browser, url] = await Promise.all([startBrowser(), originOf(hub)]);
    ({ page, faults } = await open(url));
  });
  after(async () => {
    await browser?.close();
    await Promise.all(running.map((process) => process.close()));
  });

  it('shows the application, and that there was no traffic yet', async () => {
    expect(await textOf(page, '#identity')).to.match(/^tinyllm \d+\.\d+\.\d+ · 127\.0\.0\.1:\d+$/);
    const notices = await textsOf(page, '.nothing:visible', 8);
    for (const text of notices) expect(text).to.match(/^No traffic yet/);
    expect(await page.locator('canvas:visible').count()).to.equal(0);
    expect(await page.locator('#tools').isVisible()).to.equal(false);
  });

  it('shows the values of the scrape', async () => {
    await push(8);
    await advanceClock(page, 2);
    await textOf(page, '#request-rate', /8 requests in total/);
    await push(24);
    await advanceClock(page, 2);
    await textOf(page, '#request-rate', /24 requests in total/);

    const text = await (await fetch(`${url}metrics`)).text();
    // Only `--default-metrics` adds these.
    expect(text).not.to.contain('process_resident_memory_bytes');
    const samples = parseText(text).flatMap((family) => family.samples);
    const total = (name: string) =>
      samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);
    expect(await headline('request-rate')).to.include(`${total('tinyllm_requests_total')} requests in total`);
    expect(await headline('errors')).to.include(`${total('tinyllm_errors_total')} errors in total`);
    expect(await headline('tokens')).to.include(
      `${total('tinyllm_tokens_input_total')} sent and 1,200 generated in total`,
    );
    expect(total('tinyllm_tokens_output_total')).to.equal(1200);
    expect(await headline('active')).to.include(String(total('tinyllm_active_requests')));
    expect(await headline('cache')).to.include(`${total('tinyllm_cache_hits_total')} hits in 24 lookups`);
    expect(await textOf(page, '#nodes tbody')).to.match(/^slow\s+1.25 s\s+2.35 s\s+24\s+0\s+g$/);
    expect(await textOf(page, '#tools tbody')).to.match(/^search\s+1.25 s\s+2.35 s\s+24\s+0\s+g$/);
  });

  it('shows the increases between scrapes', async () => {
    expect(await headline('request-rate')).to.match(/^6\/s/);
    expect(await headline('latency')).to.match(/^p95 2.35 s/);
    expect(await headline('errors')).to.match(/^25 %/);
    expect(await headline('tokens')).to.match(/^300\/s generated/);
    expect(await headline('cache')).to.match(/^25 %/);
    expect(await headline('breakers')).to.match(/^1 open/);
    expect(await textOf(page, '#breakers .legend')).to.match(/tiny open/);
    await eventually(async () => (await page.locator('canvas:visible').count()) === 7);
  });

  it('draws latencies as cells in the colour of the theme, more opaque for more requests', async () => {
    expect(await textOf(page, '#latency .legend')).to.match(/16 requests finished, most often in 500 ms to 1 s$/);
    for (const [colorScheme, colour] of [
      ['dark', [160, 128, 26]],
      ['light', [201, 162, 39]],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await eventually(async () => (await pixelsOf(page, '#latency canvas', colour)) > 100);
    }
  });

  it('offers the same values as text and in tables that the keyboard opens', async () => {
    expect(await page.locator('#request-rate [role=img]').getAttribute('aria-label')).to.equal(
      'Request rate, the last 5 minutes; now tiny 6/s.',
    );
    for (const panel of ['request-rate', 'latency', 'breakers']) {
      await page.locator(`#${panel} summary`).focus();
      await page.keyboard.press('Enter');
    }
    const [first = ''] = await textsOf(page, '#request-rate tbody tr');
    expect(first).to.match(/^\d\d:\d\d:\d\d\s+6\/s$/);
  });

  it('has a table with the percentiles and the cells', async () => {
    const head = await textsOf(page, '#latency thead th');
    expect(head.join(', ')).to.equal('Time, p50, p95, p99, 500 ms to 1 s, 1 s to 2.5 s');
    const [first = ''] = await textsOf(page, '#latency tbody tr');
    expect(first).to.match(/^\d\d:\d\d:\d\d\s+1 s\s+2.35 s\s+2.47 s\s+8\s+8$/);
    expect(await page.locator('#latency [role=img]').getAttribute('aria-label')).to.match(
      /now p50 1 s, p95 2\.35 s, p99 2\.47 s, 16 requests finished, most often in 500 ms to 1 s\.$/,
    );
  });

  it('has no accessibility faults in either theme and on a phone', async () => {
    // axe-core uses the clock of the page, so it must not be still here.
    const { page: moving } = await open(url, {}, 'moving');
    await moving.locator('#request-rate summary').click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await moving.emulateMedia({ colorScheme });
      expect(await accessibilityFaults(moving), colorScheme).to.deep.equal([]);
    }
    await moving.setViewportSize({ width: 360, height: 700 });
    expect(await accessibilityFaults(moving), 'phone').to.deep.equal([]);
    expect(await moving.evaluate('document.documentElement.scrollWidth')).to.equal(360);
    await moving.close();
  });

  it('logs no errors to the console, and sends no requests to other hosts', () => {
    expect(faults).to.deep.equal({ errors: [], foreignRequests: [] });
  });

  it('marks the time of failed scrapes', async () => {
    await page.route('**/metrics*', (route) => route.abort());
    await page.clock.runFor(2000);
    await textOf(page, '#status', /cannot be scraped/);
    await page.unroute('**/metrics*');
    await advanceClock(page, 2);
    await textOf(page, '#status', /^Live$/);
    await textOf(page, '#gaps', /No scrapes \(hatched in the charts\): \d\d:\d\d:\d\d to \d\d:\d\d:\d\d/);
    await eventually(async () => {
      const rows = await textsOf(page, '#request-rate tbody tr');
      expect(rows.slice(0, 3).map((row) => row.replace(/^\S+\s+/, ''))).to.deep.equal(['–', '–', '6/s']);
      return true;
    });
  });

  it('stops scraping while it is paused', async () => {
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    await textOf(page, '#status', /Paused/);
    const before = await textOf(page, '#latest');
    await page.clock.runFor(10_000);
    expect(await textOf(page, '#latest')).to.equal(before);
    await page.getByRole('button', { name: 'Resume' }).press('Enter');
    await textOf(page, '#status', /Live/);
  });

  it('is served by the scrape thread of a run, which still waits for a scrape afterwards', async () => {
    const at = await originOf(run);
    await eventually(async () => run.printed.stderr.includes('until one more scrape'));
    const { page: opened, faults: seen } = await open(at);
    await textOf(opened, '#request-rate', /1 requests? in total/);
    await advanceClock(opened, 2);
    expect(await textOf(opened, '#nodes tbody')).to.match(
      /calculator\s+\S+ [mµ]?s\s+\S+ [mµ]?s\s+1\s+0\s+multi_domain/,
    );
    expect(seen).to.deep.equal({ errors: [], foreignRequests: [] });
    // The scrape that the run waits for.
    await (await fetch(at)).text();
    expect(await run.ended).to.equal(0);
  });

  it('shows the values of a running demo', async () => {
    const { page: opened, faults: seen } = await open(await originOf(demo));
    for (const _scrape of [1, 2]) {
      const scraped = opened.waitForResponse(/metrics\?look=1/);
      await opened.clock.runFor(2000);
      const response = await scraped;
      expect(response.headers()['content-type']).to.match(/^application\/openmetrics-text; version=2\.0\.0/);
      const samples = parseExposition(await response.text());
      const all = (name: string) =>
        samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);
      const shown = (name: string) => all(name).toLocaleString('en');
      for (const [panel, words] of [
        ['request-rate', `${shown('tinyllm_requests_total')} requests in total`],
        ['latency', `${shown('tinyllm_request_latency_seconds_count')} requests finished in total`],
        ['errors', `${shown('tinyllm_errors_total')} errors in total`],
        [
          'tokens',
          `${shown('tinyllm_tokens_input_total')} sent and ${shown('tinyllm_tokens_output_total')} generated in total`,
        ],
        ['active', `${shown('tinyllm_active_requests')} at the latest scrape`],
        ['cache', `${shown('tinyllm_cache_hits_total')} hits in`],
      ] as const) {
        await eventually(async () => (await textOf(opened, `#${panel} .headline`)).includes(words)).catch(() => {
          throw new Error(`The panel ${panel} does not show ${words}.`);
        });
      }
    }
    expect(await textOf(opened, '#nodes tbody')).to.contain('simulated_multi_domain');
    expect(seen).to.deep.equal({ errors: [], foreignRequests: [] });
    await opened.close();
  });

  describe('with native histograms', () => {
    let native: NativeProcess | undefined;
    let shown: { page: Page; faults: PageFaults };

    before(async () => {
      native = await startNativeProcess();
      shown = await open(`${new URL(native.url).origin}/`);
      await native.record(Array(100).fill(0.00001));
      await advanceClock(shown.page, 2);
    });
    after(async () => {
      await shown?.page.close();
      await native?.close();
    });

    it('shows quantiles within the resolution, far below the lowest classic bucket', async () => {
      await textOf(shown.page, '#latency .headline', /^p95 (9\.\d+|10(\.\d)?) µs/);
      await textOf(shown.page, '#nodes tbody', /^quick\s+10 µs\s+(9\.\d+|10(\.\d)?) µs\s+100\s+0\s+g$/);
    });

    it('draws native buckets as the rows of the heat map', async () => {
      await textOf(shown.page, '#latency .legend', /100 requests finished, most often in 9.\d+ µs to 10.\d µs$/);
      await shown.page.locator('#latency summary').click();
      await textsOf(shown.page, '#latency thead th', 5);
      await native!.record([...Array(50).fill(0.002), ...Array(50).fill(40)]);
      await advanceClock(shown.page, 2);
      // 22 octaves have less than 32 rows only with one row per octave.
      await textOf(shown.page, '#latency .legend', /most often in 1\.95 ms to 3\.91 ms$/);
      await eventually(async () => (await pixelsOf(shown.page, '#latency canvas', [201, 162, 39])) > 20);
      expect(await shown.page.locator('#latency [role=img]').getAttribute('aria-label')).to.match(/p99 4\d\.?\d* s/);
    });

    it('logs no errors to the console', () => {
      expect(shown.faults).to.deep.equal({ errors: [], foreignRequests: [] });
    });
  });

  it('works with TLS and a password', async () => {
    const folder = await WebConfigFolder.make(`${tlsLines}basic_auth_users:\n  prometheus: ${hashOfSecret}\n`);
    try {
      const secured = start('metrics', '--port', '0', '--web-config-file', folder.file);
      const origin = await eventually(async () => /https:\/\/[^\s/]+\//.exec(secured.printed.stderr)?.[0]);
      const httpCredentials = { username: 'prometheus', password: 'secret' };
      const { faults: seen } = await open(origin, { ignoreHTTPSErrors: true, httpCredentials });
      expect(seen).to.deep.equal({ errors: [], foreignRequests: [] });
    } finally {
      await folder.remove();
    }
  });

  it('is disabled by --no-page, and is only sent to clients that accept HTML', async () => {
    const bare = start('metrics', '--port', '0', '--no-page');
    const html = { headers: { Accept: 'text/html,*/*;q=0.8' } };
    const typeOf = async (at: string, init = {}) => (await fetch(at, init)).headers.get('content-type');
    expect(await typeOf(await originOf(bare), html)).to.match(/^text\/plain; version=0\.0\.4/);
    expect(bare.printed.stderr).to.match(/^serving metrics at \S+ until Ctrl-C\n/);
    expect(await typeOf(url)).to.match(/^text\/plain; version=0\.0\.4/);
    expect(await typeOf(url, html)).to.equal('text/html; charset=utf-8');
  });
});
