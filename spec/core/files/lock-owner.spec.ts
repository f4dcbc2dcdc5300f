import { expect } from 'chai';
import { ownerId, ownerMark, ownerState } from '../../../lib/core/files/lock-owner.js';

describe('the owner of a lock', () => {
  const mark = ownerMark();

  it('has a mark with its process ID, which is different for each lock', () => {
    expect(ownerId(mark)).to.equal(String(process.pid));
    expect(ownerMark()).not.to.equal(mark);
  });

  const [pid = '', start = '', scope = ''] = mark.split(' ');
  const cases: readonly [title: string, mark: string, state: string][] = [
    ['runs if it is this process', mark, 'running'],
    ['runs if it is this process, in a mark without a scope', `${pid} ${start}`, 'running'],
    ['has ended if no process has its ID', `2147483646 1 ${scope} id`, 'ended'],
    ['has ended if another process has its ID now', `${pid} 1 ${scope} id`, 'ended'],
    ['is incomplete if the mark is empty', '', 'incomplete'],
    ['is incomplete if the mark has no process ID', 'what', 'incomplete'],
    ['is incomplete if the process ID is not positive', `0 ${start} ${scope} id`, 'incomplete'],
    ['is elsewhere in another PID namespace', `${pid} ${start} another-host/pid:[1] id`, 'elsewhere'],
  ];
  for (const [title, text, state] of cases) {
    it(title, () => {
      expect(ownerState(text)).to.equal(state);
    });
  }
});
