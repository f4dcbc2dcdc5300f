import { expect } from 'chai';
import { readableSeconds, traceTable } from '../../../cli/executor/trace-table.js';

describe('traceTable', () => {
  it('aligns nodes, times and tokens', () => {
    const table = traceTable([
      { node: 'router', kind: 'router', seconds: 0.00042, note: 'math' },
      { node: 'specialist', kind: 'model', seconds: 1.2345, inputTokens: 6, outputTokens: 120 },
    ]);
    expect(table.split('\n')).to.deep.equal([
      'node        kind       time  tokens in  tokens out  note',
      'router      router  0.42 ms          -           -  math',
      'specialist  model    1.23 s          6         120',
    ]);
  });

  it('lists the branches of a fanout and the rounds of a loop below it', () => {
    const node = (name: string) => ({ node: name, kind: 'model', seconds: 0.001 });
    const inner = { ...node('again'), kind: 'loop', parts: [{ name: 'round 1', trace: [node('draft')] }] };
    const parts = [
      { name: 'facts', trace: [node('a'), node('b')] },
      { name: 'style', trace: [inner] },
    ];
    const table = traceTable([{ ...node('all'), kind: 'fanout', parts }]);
    expect(table.split('\n').map((line) => line.slice(0, 25).trimEnd())).to.deep.equal([
      'node               kind',
      'all                fanout',
      '  facts/a          model',
      '  facts/b          model',
      '  style/again      loop',
      '    round 1/draft  model',
    ]);
  });

  it('prints a failure in one line', () => {
    const table = traceTable([{ node: 'math', kind: 'model', seconds: 0, error: 'no\nanswer' }]);
    expect(table.split('\n')).to.have.length(2);
    expect(table).to.contain('failed: no answer');
  });

  it('shortens a long note', () => {
    const table = traceTable([{ node: 'a', kind: 'tool', seconds: 0, note: 'x'.repeat(200) }]);
    expect(table.split('\n')[1]).to.match(/ x{59}…$/);
  });

  it('contains only the heading without nodes', () => {
    expect(traceTable([])).to.equal('node  kind  time  tokens in  tokens out  note');
  });
});

describe('readableSeconds', () => {
  const cases: readonly [number, string][] = [
    [0, '0 ms'],
    [0.00042, '0.42 ms'],
    [0.0123, '12.3 ms'],
    [0.1234, '123 ms'],
    [1, '1 s'],
    [1.2345, '1.23 s'],
    [95.04, '95 s'],
    [1234.5, '1235 s'],
  ];
  for (const [seconds, text] of cases) {
    it(`formats ${seconds} as ${text}`, () => {
      expect(readableSeconds(seconds)).to.equal(text);
    });
  }
});
