import { expect } from 'chai';
import { type KeyInput, TerminalKeys } from '../../../../cli/commands/top/terminal-keys.js';

describe('TerminalKeys', () => {
  const setUp = () => {
    const told: string[] = [];
    let listener: ((typed: Buffer) => void) | undefined;
    const input: KeyInput = {
      isTTY: true,
      setRawMode: (isRaw) => told.push(isRaw ? 'raw' : 'cooked'),
      on: (_event, added) => {
        listener = added;
      },
      off: () => {
        listener = undefined;
      },
      resume: () => told.push('resumed'),
      pause: () => told.push('paused'),
    };
    const keys = new TerminalKeys(input, { onQuit: () => told.push('quit'), onSignal: (signal) => told.push(signal) });
    return { told, keys, type: (text: string) => listener?.(Buffer.from(text)) };
  };

  it('tells of q, and of the keys that are signals elsewhere', () => {
    const { told, keys, type } = setUp();
    keys.open();
    type('xé\u001B[A');
    type('q');
    type('\u0003\u001A\u001C');
    expect(told).to.deep.equal(['raw', 'resumed', 'quit', 'SIGINT', 'SIGTSTP', 'SIGQUIT']);
  });

  it('leaves the terminal as it was', () => {
    const { told, keys, type } = setUp();
    keys.open();
    keys.close();
    type('q');
    expect(told).to.deep.equal(['raw', 'resumed', 'paused', 'cooked']);
  });
});
