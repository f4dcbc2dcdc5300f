import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { watchResidency } from '../../../cli/metrics/watch-residency.js';
import type { ResidentModel } from '../../../lib/executor/models/ollama-residency.js';

describe('watchResidency', () => {
  const qwen: ResidentModel = { model: 'qwen2.5:0.5b', memoryBytes: 500, vramBytes: 400 };
  const llama: ResidentModel = { model: 'llama3.2:1b', memoryBytes: 1300, vramBytes: 0 };

  /** Watches until the readings are used up; a reading that is undefined throws, as when nobody answers. */
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

  it('reports every model at every reading', async () => {
    expect(await watch([[qwen], [qwen, llama]])).to.deep.equal([
      'qwen2.5:0.5b loaded 500 400',
      'qwen2.5:0.5b loaded 500 400',
      'llama3.2:1b loaded 1300 0',
    ]);
  });

  it('reports a model that left once more, with zeros', async () => {
    expect(await watch([[qwen, llama], [llama], [llama]])).to.deep.equal([
      'qwen2.5:0.5b loaded 500 400',
      'llama3.2:1b loaded 1300 0',
      'llama3.2:1b loaded 1300 0',
      'qwen2.5:0.5b left 0 0',
      'llama3.2:1b loaded 1300 0',
    ]);
  });

  it('takes no model to be there when nobody answers, and goes on', async () => {
    expect(await watch([undefined, [qwen], undefined, undefined, [qwen]])).to.deep.equal([
      'qwen2.5:0.5b loaded 500 400',
      'qwen2.5:0.5b left 0 0',
      'qwen2.5:0.5b loaded 500 400',
    ]);
  });

  it('leaves a reading that takes too long, though garbage is collected meanwhile', async () => {
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
      readWithin: 5,
      signal: watching.signal,
    });
    expect(left).to.equal(2);
  });

  it('goes on when a report fails, with the other models and the next readings', async () => {
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

  it('does not begin when it has ended already', async () => {
    await watchResidency({
      read: () => Promise.reject(new Error('read')),
      report: () => expect.fail('reported'),
      seconds: 60,
      signal: AbortSignal.abort(),
    });
  });
});
