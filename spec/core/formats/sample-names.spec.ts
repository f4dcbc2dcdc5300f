import { expect } from 'chai';
import { familyName, sampleNames } from '../../../lib/core/formats/sample-names.js';

describe('familyName', () => {
  it('removes the suffix of counters and infos', () => {
    expect(familyName('calls_total', 'counter')).to.equal('calls');
    expect(familyName('build_info', 'info')).to.equal('build');
    expect(familyName('level_total', 'gauge')).to.equal('level_total');
    expect(familyName('wait_seconds', 'histogram')).to.equal('wait_seconds');
  });

  it('is undefined for a name without the suffix of its type, or with only the suffix', () => {
    expect(familyName('calls', 'counter')).to.equal(undefined);
    expect(familyName('_total', 'counter')).to.equal(undefined);
    expect(familyName('build', 'info')).to.equal(undefined);
  });
});

describe('sampleNames', () => {
  const cases = [
    ['calls_total', 'counter', ['calls', 'calls_total', 'calls_created']],
    ['calls', 'counter', ['calls']],
    ['build_info', 'info', ['build', 'build_info']],
    ['wait', 'histogram', ['wait', 'wait_sum', 'wait_count', 'wait_created', 'wait_bucket']],
    ['size', 'summary', ['size', 'size_sum', 'size_count', 'size_created']],
    ['level', 'gauge', ['level']],
    ['level', 'constructor', ['level']],
  ] as const;
  for (const [name, type, expected] of cases) {
    it(`has ${expected.length} for the ${type} ${name}`, () => {
      expect(sampleNames(name, type)).to.have.members(expected);
    });
  }
});
