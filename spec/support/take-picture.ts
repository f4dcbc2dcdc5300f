// `npm run picture`: writes docs/landing-page.png, the page as Chromium draws it, over traffic that never was.
import { passSeconds, startBrowser, textOf } from './browser.js';
import { MadeUpTraffic } from './made-up-traffic.js';
import { startTinyllm } from './tinyllm-process.js';

const SCRAPES = 120;

const hub = startTinyllm('metrics', '--port', '0');
const browser = await startBrowser();
try {
  const url = new URL('/', await hub.metricsUrl()).href;
  const traffic = new MadeUpTraffic();
  const push = async () => fetch(`${url}metrics/job/executor`, { method: 'PUT', body: await traffic.after(2) });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC' });
  await page.clock.install({ time: Date.UTC(2026, 0, 1, 9) });
  await page.clock.pauseAt(Date.UTC(2026, 0, 1, 9, 1));
  await push();
  await page.goto(url);
  await textOf(page, '#status', /Live/);
  for (let scrape = 0; scrape < SCRAPES; scrape++) {
    await push();
    await passSeconds(page, 2);
  }
  await page.screenshot({ path: 'docs/landing-page.png', fullPage: true, animations: 'disabled' });
} finally {
  await browser.close();
  await hub.close();
}
