import { expect } from 'chai';
import { SilenceWatch } from '../../../../cli/commands/run/silence-watch.js';
import { eventually } from '../../../support/eventually.js';

describe('SilenceWatch', () => {
  it('speaks up once when nothing is heard, and not again for what comes later', async () => {
    let said = 0;
    const watch = new SilenceWatch({ seconds: 0.001, onSilence: () => said++ });
    await eventually(async () => said === 1);
    watch.heard();
    await new Promise((resolve) => setTimeout(resolve, 10));
    watch.end();
    expect(said).to.equal(1);
  });

  it('says nothing once it has ended', async () => {
    const watch = new SilenceWatch({ seconds: 0.001, onSilence: () => expect.fail('spoke up') });
    watch.end();
    watch.heard();
    await new Promise((resolve) => setTimeout(resolve, 10));
  });
});
