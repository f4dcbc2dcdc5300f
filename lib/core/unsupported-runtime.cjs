'use strict';

// Bundlers load this file for runtimes without worker threads and shared memory, through the export conditions
// `edge-light` and `workerd`. This file is a CommonJS module: in an ES module, bundlers would search for the exports of
// the package, and would fail because they are missing.
module.exports = explain();

function explain() {
  throw new Error(
    'tinyllm runs in Node.js, Bun and Deno, but not in edge runtimes: it needs worker threads and shared memory. ' +
      "In Next.js, set `export const runtime = 'nodejs'` in the route, and import tinyllm in instrumentation.ts only if " +
      "`process.env.NEXT_RUNTIME === 'nodejs'`.",
  );
}
