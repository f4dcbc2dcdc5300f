import { expect } from 'chai';
import { type KeyInput, TerminalKeys } from '../../../../cli/commands/top/terminal-keys.js';

describe('TerminalKeys', () => {
  const setUp = () => {
    const calls: string[] = [];
    let listener: ((typed: Buffer) => void) | undefined;
    const input: KeyInput = {
      isTTY: true,
      setRawMode: (isRaw) => calls.push(isRaw ? 'raw' : 'cooked'),
      on: (_event, added) => {
        listener = added;
      },
      off: () => {
        listener = undefined;
      },
      resume: () => calls.push('resumed'),
      pause: () => calls.push('paused'),
    };
    const keys = new TerminalKeys(input, {
      onQuit: () => calls.push('quit'),
      onSignal: (signal) => calls.push(signal),
    });
    return { calls, keys, type: (text: string) => listener?.(Buffer.from(text)) };
  };

  it('calls back for q and for the keys of signals', () => {
    const { calls, keys, type } = setUp();
    keys.open();
    type('xé\u001B[A');
    type('q');
    type('\u0003\u001A\u001C');
    expect(calls).to.deep.equal(['raw', 'resumed', 'quit', 'SIGINT', 'SIGTSTP', 'SIGQUIT']);
  });

  it('restores the mode of the terminal', () => {
    const { calls, keys, type } = setUp();
    keys.open();
    keys.close();
    type('q');
    expect(calls).to.deep.equal(['raw', 'resumed', 'paused', 'cooked']);
  });
});
