import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { eventually } from './eventually.js';

/** What a page did that it should not. */
export interface PageFaults {
  /** What the console called an error, and errors nobody caught. */
  readonly errors: string[];
  /** Where it sent a request to that is not where it came from. */
  readonly strangers: string[];
}

/** Starts Debian's Chromium without a screen. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
}

/** Notes what a page does wrong from now on, seen from the origin it is to be loaded from. */
export function watchFaults(page: Page, url: string): PageFaults {
  const { origin } = new URL(url);
  const faults: PageFaults = { errors: [], strangers: [] };
  page.on('pageerror', (error) => faults.errors.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.errors.push(message.text());
  });
  page.on('request', (request) => {
    const isHere = request.url().startsWith('data:') || new URL(request.url()).origin === origin;
    if (!isHere) faults.strangers.push(request.url());
  });
  return faults;
}

/** Lets so many seconds pass on a page whose clock stands still, and waits until it has scraped. */
export async function passSeconds(page: Page, seconds: number): Promise<void> {
  const scraped = page.waitForEvent('requestfinished');
  await page.clock.runFor(seconds * 1000);
  await (await scraped).response();
}

/** Waits until an element of the page says something that matches, and returns it. */
export function textOf(page: Page, selector: string, pattern = /./): Promise<string> {
  return eventually(
    async () => {
      const text = (await page.locator(selector).allInnerTexts()).join(' | ');
      if (!pattern.test(text)) throw new Error(`${selector} says ${JSON.stringify(text)}; expected ${pattern}`);
      return text;
    },
    { seconds: 8 },
  );
}

/** How many pixels of a canvas have exactly this colour: its red, green and blue. */
export async function pixelsOf(page: Page, selector: string, colour: readonly number[]): Promise<number> {
  // Of a copy: Chromium complains of a page's own canvas that is read several times.
  const count = `(() => {
    const canvas = document.querySelector(${JSON.stringify(selector)});
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const isWanted = (at) => ${JSON.stringify(colour)}.every((part, place) => data[at + place] === part);
    return Array.from({ length: data.length / 4 }, (_, pixel) => pixel * 4).filter(isWanted).length;
  })()`;
  return (await page.evaluate(count)) as number;
}

/** What axe-core holds against a page, a line each. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  const axe = createRequire(import.meta.url)('axe-core') as { readonly source: string };
  await page.evaluate(axe.source);
  const violations: unknown = await page.evaluate('axe.run().then(({ violations }) => violations)');
  return (violations as readonly AxeViolation[]).flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}
