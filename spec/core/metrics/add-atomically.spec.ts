import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { addAtomically } from '../../../lib/core/metrics/add-atomically.js';

describe('addAtomically', () => {
  it('adds what is no whole number, to that cell alone', () => {
    const page = new Float64Array(new SharedArrayBuffer(3 * Float64Array.BYTES_PER_ELEMENT));
    addAtomically({ page, offset: 1 }, 0, 0.25);
    addAtomically({ page, offset: 0 }, 1, 1.5);
    expect([...page]).to.deep.equal([0, 1.75, 0]);
  });

  it('loses nothing of what several threads add at once', async () => {
    const memory = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
    const file = new URL('../../support/threads/adding-thread.js', import.meta.url);
    const adders = [1, 2].map(() => new Worker(file, { workerData: memory, execArgv: [] }));
    await Promise.all(adders.map((adder) => once(adder, 'message')));
    for (const adder of adders) adder.postMessage(1_000_000);
    await Promise.all(adders.map((adder) => once(adder, 'exit')));
    expect([...new Float64Array(memory)]).to.deep.equal([0, 2_000_000]);
  });
});
