import { expect } from 'chai';
import { SilenceWatch } from '../../../../cli/commands/run/silence-watch.js';
import { eventually } from '../../../support/eventually.js';

describe('SilenceWatch', () => {
  it('calls back once after silence, and never again', async () => {
    let calls = 0;
    const watch = new SilenceWatch({ seconds: 0.001, onSilence: () => calls++ });
    await eventually(async () => calls === 1);
    watch.reset();
    await new Promise((resolve) => setTimeout(resolve, 10));
    watch.end();
    expect(calls).to.equal(1);
  });

  it('does not call back after its end', async () => {
    const watch = new SilenceWatch({ seconds: 0.001, onSilence: () => expect.fail('onSilence was called') });
    watch.end();
    watch.reset();
    await new Promise((resolve) => setTimeout(resolve, 10));
  });
});
