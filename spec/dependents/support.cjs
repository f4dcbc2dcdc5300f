// Each application uses this file to communicate with spec/e2e/prom-client-dependents.spec.ts, its parent process.
const { existsSync, writeFileSync } = require('node:fs');

/** The longest time for which the main thread is blocked, in milliseconds. */
const patience = 20_000;

/** Waits in the main thread until the file `scraped` exists. No other code of the application runs meanwhile. */
function blockMainThread() {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const deadline = Date.now() + patience;
  writeFileSync('blocked', '');
  while (!existsSync('scraped')) {
    Atomics.wait(pause, 0, 0, 10);
    if (Date.now() > deadline) throw new Error(`The application was not scraped within ${patience} ms.`);
  }
}

/**
 * Sends the URLs of the application and of its metrics server to the spec. On the first message of the spec, it blocks
 * the main thread until the spec has scraped, and then closes both servers.
 */
exports.runWithSpec = (urls, close) => {
  process.once('message', async () => {
    blockMainThread();
    await close();
    process.disconnect();
  });
  process.send(urls);
};
