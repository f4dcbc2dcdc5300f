import { expect } from 'chai';
import { statedFamilies } from '../../../lib/core/formats/stated-families.js';

describe('statedFamilies', () => {
  it('reads the type lines of a text', () => {
    const text = [
      '# TYPE calls counter',
      '# HELP calls Is not a # TYPE x gauge line.',
      'calls_total{a="# TYPE y gauge"} 1',
      '# TYPE level gauge',
      'level 1',
      '',
    ];
    expect(statedFamilies(Buffer.from(text.join('\n')))).to.deep.equal([
      { name: 'calls_total', type: 'counter' },
      { name: 'level', type: 'gauge' },
    ]);
    expect(statedFamilies(Buffer.alloc(0))).to.deep.equal([]);
    expect(statedFamilies(Buffer.from('# TYPE last gauge'))).to.deep.equal([{ name: 'last', type: 'gauge' }]);
  });
});
