import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { stateFolder } from '../../../lib/executor/stores/open-conversations.js';

describe('stateFolder', () => {
  it('is TINYLLM_HOME, or else in XDG_STATE_HOME, or else in the home folder', () => {
    const atHome = join(homedir(), '.local/state/tinyllm');
    expect(stateFolder({ TINYLLM_HOME: 'here', XDG_STATE_HOME: '/state' })).to.equal(resolve('here'));
    expect(stateFolder({ TINYLLM_HOME: '', XDG_STATE_HOME: '/state' })).to.equal('/state/tinyllm');
    expect(stateFolder({ XDG_STATE_HOME: 'relative' })).to.equal(atHome);
    expect(stateFolder({})).to.equal(atHome);
  });
});
