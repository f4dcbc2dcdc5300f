import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';
import type { FromPasswordWorker, ToPasswordWorker } from './comparisons.js';

// The code of the thread that compares passwords. bcrypt is slow by design, so it must not block the event loop.

parentPort?.on('message', ({ password, hash, decoys }: ToPasswordWorker) => {
  const matches = compareSync(password, hash);
  if (!matches) for (const decoy of decoys) compareSync(password, decoy);
  parentPort?.postMessage({ matches } satisfies FromPasswordWorker);
});
