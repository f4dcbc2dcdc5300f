import { expect } from 'chai';
import { loaderOptions } from '../../../lib/core/server/loader-options.js';

describe('loaderOptions', () => {
  it('keeps what loads modules, in either spelling', () => {
    const loading = ['--import=./register.js', '--require', 'dotenv/config', '-C', 'development', '--loader=a=b'];
    expect(loaderOptions(loading)).to.deep.equal(loading);
  });

  it('leaves out what no thread can be started with, and what has no say in it', () => {
    expect(loaderOptions(['--input-type=module', '--eval', 'code', '--max-old-space-size=64'])).to.deep.equal([]);
    expect(loaderOptions([])).to.deep.equal([]);
  });
});
