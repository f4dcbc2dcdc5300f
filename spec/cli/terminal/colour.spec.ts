import { expect } from 'chai';
import { wantsColour } from '../../../cli/terminal/colour.js';

describe('wantsColour', () => {
  const cases: readonly [string, boolean, NodeJS.ProcessEnv, boolean][] = [
    ['a terminal gets colour', true, {}, true],
    ['a pipe gets none', false, {}, false],
    ['a dumb terminal gets none', true, { TERM: 'dumb' }, false],
    ['NO_COLOR takes it from a terminal', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR says nothing', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR gives it to a pipe', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR set empty gives it too', false, { FORCE_COLOR: '' }, true],
    ['FORCE_COLOR=0 takes it', true, { FORCE_COLOR: '0' }, false],
    ['FORCE_COLOR=false takes it', true, { FORCE_COLOR: 'false' }, false],
    ['FORCE_COLOR comes before NO_COLOR', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ];
  for (const [title, isTTY, environment, expected] of cases) {
    it(title, () => {
      expect(wantsColour({ isTTY }, environment)).to.equal(expected);
    });
  }
});
