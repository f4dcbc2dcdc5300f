import { expect } from 'chai';
import { instanceName } from '../../../lib/core/recording/call-label.js';

describe('instanceName', () => {
  it('is the id, the name or the class name', () => {
    class Named {}
    expect(instanceName({ id: 'id', name: 'name' })).to.equal('id');
    expect(instanceName({ id: 7 })).to.equal('7');
    expect(instanceName({ id: '', name: 'name' })).to.equal('name');
    expect(instanceName({ id: () => 'no', name: {} })).to.equal('Object');
    expect(instanceName(new Named() as object)).to.equal('Named');
    expect(instanceName(Named as object)).to.equal('Named');
    for (const nothing of [undefined, null, Object.create(null)]) expect(instanceName(nothing)).to.equal('unknown');
  });
});
