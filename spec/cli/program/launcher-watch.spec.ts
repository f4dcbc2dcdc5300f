import { expect } from 'chai';
import { watchLauncher } from '../../../cli/program/launcher-watch.js';
import { eventually } from '../../support/eventually.js';

describe('watchLauncher', () => {
  const environment = { npm_lifecycle_event: 'npx' };

  it('calls back once after the shell of npx has exited', async () => {
    let parent = 7;
    let gone = 0;
    let looks = 0;
    const look = (): number => {
      looks++;
      return parent;
    };
    watchLauncher({ environment, parent: look, onGone: () => gone++, milliseconds: 1 });
    await eventually(async () => looks > 3);
    expect(gone).to.equal(0);
    parent = 1;
    await eventually(async () => gone === 1);
    const seen = looks;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect({ gone, looks }).to.deep.equal({ gone: 1, looks: seen });
  });

  it('does nothing if npx did not start the command', () => {
    const parent = () => expect.fail('parent was called');
    for (const npm_lifecycle_event of [undefined, 'start']) {
      watchLauncher({ environment: { npm_lifecycle_event }, parent, onGone: () => expect.fail('onGone was called') });
    }
  });
});
