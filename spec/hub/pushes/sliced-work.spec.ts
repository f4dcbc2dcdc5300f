import { expect } from 'chai';
import { readPushInSteps } from '../../../lib/hub/pushes/read-push.js';
import { Pace, runInSlices, runWithoutPauses, type SlicedWork } from '../../../lib/hub/pushes/sliced-work.js';

function* count(steps: number, bytes: number): SlicedWork<number> {
  const pace = new Pace();
  for (let step = 0; step < steps; step += 1) if (pace.spend(bytes)) yield;
  return steps;
}

async function pausesOf<T>(work: SlicedWork<T>): Promise<{ readonly result: T; readonly pauses: number }> {
  let pauses = 0;
  const result = await runInSlices(work, async () => {
    pauses += 1;
  });
  return { result, pauses };
}

describe('runInSlices', () => {
  it('pauses after each 64 KiB', async () => {
    expect(await pausesOf(count(10, 6_000))).to.deep.equal({ result: 10, pauses: 0 });
    expect(await pausesOf(count(10, 65_536))).to.deep.equal({ result: 10, pauses: 10 });
    expect(await pausesOf(count(100, 16_384))).to.deep.equal({ result: 100, pauses: 25 });
  });

  it('lets other work run while a push of 4 MiB is read', async () => {
    let text = '';
    for (let index = 0; text.length < 4_000_000; index += 1) text += `metric{label="${index}"} 1\n`;
    let turns = 0;
    let isReading = true;
    const otherWork = (): void => {
      turns += 1;
      if (isReading) setImmediate(otherWork);
    };
    setImmediate(otherWork);
    const { families } = await runInSlices(readPushInSteps(Buffer.from(text), { format: 'text' }));
    isReading = false;
    expect(families[0]?.series.size).to.be.at.least(100_000);
    expect(turns).to.be.at.least(50);
  });

  it('throws the error of the computation', async () => {
    const failing = (function* (): SlicedWork<void> {
      yield;
      throw new Error('broken');
    })();
    let message = '';
    await runInSlices(failing).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.equal('broken');
  });
});

describe('runWithoutPauses', () => {
  it('returns the result', () => {
    expect(runWithoutPauses(count(5, 100_000))).to.equal(5);
  });
});
