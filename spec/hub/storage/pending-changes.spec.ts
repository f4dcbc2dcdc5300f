import { expect } from 'chai';
import { PendingChanges } from '../../../lib/hub/storage/pending-changes.js';
import { StateChange } from '../../../lib/hub/sums/state-change.js';
import { rejectionOf } from '../../support/pushing.js';

describe('PendingChanges', () => {
  it('limits the bytes that wait for the disk, and undoes a change beyond the limit', async () => {
    const pending = new PendingChanges(50_000);
    const made = new Set<number>();
    const attempts = Array.from({ length: 100 }, (_, index) => {
      const change = new StateChange();
      change.perform(
        () => made.add(index),
        () => made.delete(index),
      );
      change.steps.push({ step: 'dropped', name: 'a'.repeat(1_000) });
      return rejectionOf(pending.add(change));
    });
    const { payload, count } = pending.batch({ isAll: true });
    expect(count).to.be.within(10, 20);
    expect(payload.length).to.be.lessThan(50_000);
    expect(made.size).to.equal(count);
    pending.settle(count);
    const outcomes = await Promise.all(attempts);
    expect(outcomes.filter((outcome) => outcome === 'taken')).to.have.length(count);
    expect(outcomes.at(-1)).to.match(/^503 \d+ bytes of pushes are waiting for the disk; the limit is 50000\./);
    expect(pending.add(new StateChange())).to.be.a('promise');
  });

  it('accepts one change of any size', () => {
    const pending = new PendingChanges(10);
    const change = new StateChange();
    change.steps.push({ step: 'dropped', name: 'a'.repeat(1_000) });
    void pending.add(change);
    expect(pending.batch().count).to.equal(1);
  });
});
