import { expect } from 'chai';
import { TerminalScreen } from '../../../../cli/commands/top/terminal-screen.js';

describe('TerminalScreen', () => {
  const setUp = (colour: boolean) => {
    const written: string[] = [];
    const screen = new TerminalScreen({ columns: 80, rows: 24, colour, write: (text) => written.push(text) });
    return { screen, written };
  };

  it('draws on the alternate screen, and leaves it once', () => {
    const { screen, written } = setUp(false);
    screen.open();
    screen.draw([{ text: 'one', tone: 'red' }, { text: 'two' }]);
    screen.close();
    screen.close();
    screen.draw([{ text: 'late' }]);
    expect(written).to.have.length(3);
    expect(written[0]).to.match(/\[\?1049h/);
    expect(written[1]).to.equal('\u001B[Hone\u001B[K\r\ntwo\u001B[K\u001B[J');
    expect(written[2]).to.match(/\[\?25h.*\[\?1049l$/s);
  });

  it('uses colour only if it is enabled', () => {
    const { screen, written } = setUp(true);
    screen.open();
    screen.draw([{ text: 'one', tone: 'red' }]);
    screen.close();
    expect(written[1]).to.contain('\u001B[31mone\u001B[39m');
  });
});
