import { expect } from 'chai';
import { ModelLoads } from '../../../lib/core/collector/model-loads.js';

const warm = 0.03;

describe('ModelLoads', () => {
  it('treats a duration of 100 ms or more as a load', () => {
    const loads = new ModelLoads();
    expect([0.1, 5].map((seconds) => loads.detectLoad('m', seconds))).to.deep.equal([true, true]);
    expect(loads.detectLoad('m', 0.099)).to.equal(false);
  });

  it('does not treat a duration below 100 ms as a load if nothing is known about the model', () => {
    expect(new ModelLoads().detectLoad('m', warm)).to.equal(false);
  });

  it('treats a duration below 100 ms as a load, once, if the model was not in memory', () => {
    const loads = new ModelLoads();
    loads.update('m', false);
    expect([loads.detectLoad('m', warm), loads.detectLoad('m', warm)]).to.deep.equal([true, false]);
    loads.update('m', false);
    expect(loads.detectLoad('m', warm)).to.equal(true);
    loads.update('m', true);
    expect(loads.detectLoad('m', warm)).to.equal(false);
  });

  it('knows after a poll that other models are not in memory', () => {
    const loads = new ModelLoads();
    loads.update('m', true);
    loads.polled();
    expect([
      loads.detectLoad('m', warm),
      loads.detectLoad('other', warm),
      loads.detectLoad('other', warm),
    ]).to.deep.equal([...[false, true, false]]);
    loads.polled();
    expect(loads.detectLoad('other', warm)).to.equal(true);
  });

  it('remembers that a model was loaded', () => {
    const loads = new ModelLoads();
    loads.update('m', false);
    expect([loads.detectLoad('m', 5), loads.detectLoad('m', warm)]).to.deep.equal([true, false]);
    const unknown = new ModelLoads();
    unknown.detectLoad('other', 5);
    unknown.polled();
    expect(unknown.detectLoad('other', warm)).to.equal(true);
  });

  it('does not treat a duration of less than 1 s as a load if the model is in memory', () => {
    const loads = new ModelLoads();
    loads.update('m', true);
    expect([loads.detectLoad('m', 0.999), loads.detectLoad('m', 1)]).to.deep.equal([false, true]);
    loads.update('n', false);
    expect([0.4, 0.999, 1].map((seconds) => loads.detectLoad('n', seconds))).to.deep.equal([true, false, true]);
  });

  it('treats a model without a tag as the model tagged `latest`', () => {
    const loads = new ModelLoads();
    loads.update('m:latest', false);
    expect(loads.detectLoad('m', warm)).to.equal(true);
    loads.update('n', false);
    expect(loads.detectLoad('n:latest', warm)).to.equal(true);
    loads.update('m:7b', false);
    expect(loads.detectLoad('m', warm)).to.equal(false);
  });
});
