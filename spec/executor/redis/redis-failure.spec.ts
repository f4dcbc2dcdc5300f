import { inspect } from 'node:util';
import { expect } from 'chai';
import { failureText, withoutCommand } from '../../../lib/executor/redis/redis-failure.js';

describe('withoutCommand', () => {
  it('removes the command with its arguments from an error, and returns other values unchanged', () => {
    const error = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['hunter2'] } });
    expect(withoutCommand(error)).to.equal(error);
    expect(inspect(error)).not.to.include('hunter2');
    for (const other of [undefined, null, 'text', new Error('plain')]) expect(withoutCommand(other)).to.equal(other);
  });
});

describe('failureText', () => {
  it('returns the message without a final full stop', () => {
    expect(failureText(new Error('Connection is closed.'))).to.equal('Connection is closed');
  });

  it('uses the first of several errors, the code of an error without message, and other values as text', () => {
    expect(failureText(new AggregateError([new Error('first'), new Error('second')]))).to.equal('first');
    expect(failureText(Object.assign(new Error(''), { code: 'ECONNREFUSED' }))).to.equal('ECONNREFUSED');
    expect(failureText('text')).to.equal('text');
  });
});
