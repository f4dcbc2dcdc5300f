import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { watchResidency } from '../../../cli/metrics/watch-residency.js';
import type { ResidentModel } from '../../../lib/executor/models/ollama-residency.js';

describe('watchResidency', () => {
  const qwen: ResidentModel = { model: 'qwen2.5:0.5b', memoryBytes: 500, vramBytes: 400 };
  const llama: ResidentModel = { model: 'llama3.2:1b', memoryBytes: 1300, vramBytes: 0 };

  /** Polls until no readings are left. A reading of undefined throws, like a failed request. */
  async function watch(readings: readonly (readonly ResidentModel[] | undefined)[]): Promise<string[]> {
    const controller = new AbortController();
    const reports: string[] = [];
    let next = 0;
    await watchResidency({
      read: async () => {
        const reading = readings[next++];
        if (next === readings.length) controller.abort();
        if (reading === undefined) throw new Error('connection refused');
        return reading;
      },
      report: ({ model, loaded, memoryBytes = 0, vramBytes = 0 }) =>
        reports.push(`${model} ${loaded ? 'loaded' : 'left'} ${memoryBytes} ${vramBytes}`),
      seconds: 0,
      signal: controller.signal,
    });
    return reports;
  }

  it('reports every model after every read', async () => {
    expect(await watch([[qwen], [qwen, llama]])).to.deep.equal([
      'qwen2.5:0.5b loaded 500 400',
      'qwen2.5:0.5b loaded 500 400',
      'llama3.2:1b loaded 1300 0',
    ]);
  });

  it('reports an unloaded model once as not loaded', async () => {
    expect(await watch([[qwen, llama], [llama], [llama]])).to.deep.equal([
      'qwen2.5:0.5b loaded 500 400',
      'llama3.2:1b loaded 1300 0',
      'llama3.2:1b loaded 1300 0',
      'qwen2.5:0.5b left 0 0',
      'llama3.2:1b loaded 1300 0',
    ]);
  });

  it('reports no loaded models after a failed read, and continues', async () => {
    expect(await watch([undefined, [qwen], undefined, undefined, [qwen]])).to.deep.equal([
      'qwen2.5:0.5b loaded 500 400',
      'qwen2.5:0.5b left 0 0',
      'qwen2.5:0.5b loaded 500 400',
    ]);
  });

  it('aborts a slow read even after a garbage collection', async () => {
    const watching = new AbortController();
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    let left = 0;
    await watchResidency({
      read: async (signal) => {
        while (!signal.aborted) {
          collectGarbage();
          await sleep(1);
        }
        if (++left === 2) watching.abort();
        signal.throwIfAborted();
        return [];
      },
      report: () => {},
      seconds: 0,
      readTimeout: 5,
      signal: watching.signal,
    });
    expect(left).to.equal(2);
  });

  it('continues with other models and reads if a report fails', async () => {
    const controller = new AbortController();
    const reports: string[] = [];
    let readings = 0;
    await watchResidency({
      read: async () => {
        if (++readings === 2) controller.abort();
        return readings === 1 ? [qwen, llama] : [llama];
      },
      report: ({ model }) => {
        reports.push(model);
        if (model === qwen.model) throw new RangeError('no such size');
      },
      seconds: 0,
      signal: controller.signal,
    });
    expect(reports).to.deep.equal([qwen.model, llama.model, llama.model, qwen.model]);
  });

  it('does not start if the signal is already aborted', async () => {
    await watchResidency({
      read: () => Promise.reject(new Error('read')),
      report: () => expect.fail('reported'),
      seconds: 60,
      signal: AbortSignal.abort(),
    });
  });
});
