import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { eventually } from './eventually.js';

/** The faults of a page. */
export interface PageFaults {
  /** Errors and warnings in the console, and uncaught errors. */
  readonly errors: string[];
  /** The URLs of requests to other origins. */
  readonly foreignRequests: string[];
}

/** Starts Debian's Chromium in headless mode. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
}

/** Records the faults of a page from now on. Requests to an origin other than that of `url` are faults. */
export function watchFaults(page: Page, url: string): PageFaults {
  const { origin } = new URL(url);
  const faults: PageFaults = { errors: [], foreignRequests: [] };
  page.on('pageerror', (error) => faults.errors.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.errors.push(message.text());
  });
  page.on('request', (request) => {
    const isHere = request.url().startsWith('data:') || new URL(request.url()).origin === origin;
    if (!isHere) faults.foreignRequests.push(request.url());
  });
  return faults;
}

/** Advances a page's stopped clock by this many seconds, and waits until the page has scraped. */
export async function advanceClock(page: Page, seconds: number): Promise<void> {
  const scraped = page.waitForEvent('requestfinished');
  await page.clock.runFor(seconds * 1000);
  await (await scraped).response();
}

/** Waits until the text of an element matches the pattern, and returns the text. */
export function textOf(page: Page, selector: string, pattern = /./): Promise<string> {
  return eventually(
    async () => {
      const text = (await page.locator(selector).allInnerTexts()).join(' | ');
      if (!pattern.test(text)) throw new Error(`${selector} has the text ${JSON.stringify(text)}; expected ${pattern}`);
      return text;
    },
    { seconds: 8 },
  );
}

/** Waits until the page has elements with this selector, `count` of them if it is stated, and returns their texts. */
export function textsOf(page: Page, selector: string, count?: number): Promise<readonly string[]> {
  return eventually(
    async () => {
      const texts = await page.locator(selector).allInnerTexts();
      const isComplete = count === undefined ? texts.length > 0 : texts.length === count;
      if (!isComplete)
        throw new Error(`the page has ${texts.length} of ${selector}; expected ${count ?? 'at least 1'}`);
      return texts;
    },
    { seconds: 8 },
  );
}

/** Counts the pixels of a canvas that have exactly this colour: red, green and blue from 0 to 255. */
export async function pixelsOf(page: Page, selector: string, colour: readonly number[]): Promise<number> {
  // Reads a copy, because Chromium logs a warning if a page's canvas is read several times.
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

/** The accessibility violations that axe-core finds in a page, one line each. */
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
