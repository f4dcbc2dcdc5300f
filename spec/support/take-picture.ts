// `npm run picture`: writes docs/top.svg, the screen of `tinyllm top` for a demo, and docs/landing-page.png, a
// screenshot of the landing page after two minutes of the demo. With a folder as argument, it writes only screenshots
// of the page to that folder: light, dark and on a phone.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBrowser, textOf } from './browser.js';
import { pictureOfTop } from './picture-of-top.js';
import { startTinyllm } from './tinyllm-process.js';

const seconds = Number(process.env.SECONDS_OF_DEMO ?? 120);
const [folder] = process.argv.slice(2);

const demo = startTinyllm('demo', '--port', '0', '--seed', '1', '--rate', '6/s');
const browser = await startBrowser();
try {
  const url = new URL('/', await demo.metricsUrl()).href;
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC' });
  await page.goto(url);
  await textOf(page, '#status', /Live/);
  const [top] = await Promise.all([pictureOfTop(`${url}metrics`, { seconds: seconds / 2 }), sleep(seconds * 1000)]);
  if (folder === undefined) writeFileSync('docs/top.svg', top);
  await page.screenshot({
    path: folder === undefined ? 'docs/landing-page.png' : join(folder, 'light.png'),
    fullPage: true,
    animations: 'disabled',
  });
  if (folder !== undefined) {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.screenshot({ path: join(folder, 'dark.png'), fullPage: true });
    await page.setViewportSize({ width: 360, height: 700 });
    await sleep(500);
    await page.screenshot({ path: join(folder, 'phone.png'), fullPage: true });
  }
} finally {
  await browser.close();
  await demo.close();
}
