import { expect } from 'chai';
import { table } from '../../../cli/terminal/table.js';

describe('table', () => {
  it('aligns words on the left and numbers on the right, without trailing spaces', () => {
    const columns = [{ title: 'name' }, { title: 'size', numeric: true }, { title: 'note' }];
    expect(
      table(columns, [
        ['a', '1', ''],
        ['longer', '12345', 'x'],
      ]),
    ).to.equal(['name     size  note', 'a           1', 'longer  12345  x'].join('\n'));
  });
});
