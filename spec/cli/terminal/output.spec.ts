import { expect } from 'chai';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { wantsColour } from '../../../cli/terminal/output.js';
import { GraphError } from '../../../lib/executor/errors/graph-errors.js';
import { captureOutput } from '../../support/captured-output.js';

describe('Output', () => {
  it('prints text on stdout with one line break at its end, and notes on stderr', () => {
    const { output, stdout, stderr } = captureOutput();
    output.text('4');
    output.text('flowchart LR\n');
    output.note('answered');
    expect(stdout.text).to.equal('4\nflowchart LR\n');
    expect(stderr.text).to.equal('answered\n');
  });

  it('joins chunks and ends their line once', () => {
    const { output, stdout } = captureOutput({ isTTY: true });
    for (const chunk of ['3.1', '', '4']) output.chunk(chunk);
    output.endLine();
    output.endLine();
    expect(stdout.text).to.equal('3.14\n');
  });

  it('removes control characters only on a terminal', () => {
    const text = 'a\u001b]0;title\u0007b\r\n\tc\u0000\u007f\u009b2J';
    const terminal = captureOutput({ isTTY: true });
    terminal.output.chunk(text);
    terminal.output.chunk('\u001b');
    terminal.output.endLine();
    expect(terminal.stdout.text).to.equal('a]0;titleb\n\tc2J\n');
    const file = captureOutput();
    file.output.chunk(text);
    expect(file.stdout.text).to.equal(text);
  });

  it('prints a mark before a line, with colour only on a terminal', () => {
    const mark = { mark: '✓', colour: 'green' } as const;
    const terminal = captureOutput({ isTTY: true });
    terminal.output.chunk('half');
    terminal.output.marked(mark, 'all \u001b[31mwell');
    expect(terminal.stdout.text).to.equal('half\n\u001b[32m✓\u001b[39m all [31mwell\n');
    const file = captureOutput();
    file.output.marked(mark, 'all well');
    expect(file.stdout.text).to.equal('✓ all well\n');
  });

  it('ends a line of chunks before a note on the same terminal', () => {
    const { output, stdout, stderr } = captureOutput({ isTTY: true });
    output.chunk('half an ans');
    output.failure(new GraphError('broke off'));
    expect(stdout.text).to.equal('half an ans\n');
    expect(stderr.text).to.contain('broke off');
  });

  it('prints an object as one line of JSON', () => {
    const { output, stdout } = captureOutput();
    output.json({ answer: 'two\nlines' });
    expect(stdout.text).to.equal('{"answer":"two\\nlines"}\n');
  });

  it('prints an error in one line, even if its message has several', () => {
    const { output, stdout, stderr } = captureOutput();
    output.failure(new GraphError('first\r\n  second\n'));
    expect(stderr.text).to.equal('tinyllm: first second\n');
    expect(stdout.text).to.equal('');
  });

  it('suggests the help of the command after a usage error', () => {
    const { output, stderr } = captureOutput();
    output.failure(new UsageError('run got no query.', 'run'));
    output.failure(new UsageError('unknown command "x".'));
    expect(stderr.text).to.equal(
      'tinyllm: run got no query.\nTry: tinyllm run --help\ntinyllm: unknown command "x".\nTry: tinyllm --help\n',
    );
  });

  it('prints the name of an unexpected error without its stack trace', () => {
    const { output, stderr } = captureOutput();
    output.failure(new TypeError('x is not a function'));
    output.failure('torn');
    expect(stderr.text).to.equal('tinyllm: unexpected TypeError: x is not a function\ntinyllm: unexpected torn\n');
  });

  it('prints stack trace and cause with --debug', () => {
    const { output, stderr } = captureOutput();
    output.failure(new GraphError('no such file', { cause: new Error('ENOENT') }), { debug: true });
    expect(stderr.text).to.match(/^tinyllm: no such file\n/);
    expect(stderr.text).to.contain('output.spec.ts');
    expect(stderr.text).to.contain('[cause]: Error: ENOENT');
  });

  it('prints a failure also as JSON with --json', () => {
    const { output, stdout, stderr } = captureOutput();
    output.failure(new GraphError('no exit'), { json: true });
    expect(JSON.parse(stdout.text)).to.deep.equal({ error: { name: 'GraphError', message: 'no exit' } });
    expect(stderr.text).to.equal('tinyllm: no exit\n');
  });

  it('colours the label of a failure only if colour is enabled', () => {
    const coloured = captureOutput({ environment: { FORCE_COLOR: '1' } });
    coloured.output.failure(new GraphError('no exit'));
    expect(coloured.stderr.text).to.equal('\u001b[31mtinyllm:\u001b[39m no exit\n');
    const plain = captureOutput({ isTTY: true, environment: { NO_COLOR: '1' } });
    plain.output.failure(new GraphError('no exit'));
    expect(plain.stderr.text).to.equal('tinyllm: no exit\n');
  });

  it('reports a broken stdout once and stops writing to it', async () => {
    const broken: (string | undefined)[] = [];
    const { output, stdout, stderr } = captureOutput({ onBroken: ({ code }) => broken.push(code) });
    const error = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    stdout.fail(error);
    stdout.fail(error);
    output.text('unread');
    output.note('still printed');
    await output.flush();
    expect(broken).to.deep.equal(['EPIPE']);
    expect(stdout.text).to.equal('');
    expect(stderr.text).to.equal('still printed\n');
  });

  it('ignores a broken stderr', () => {
    const { output, stderr, stdout } = captureOutput();
    stderr.fail(new Error('write EPIPE'));
    output.text('4');
    expect(stdout.text).to.equal('4\n');
  });

  it('provides a screen with its current size only on a terminal', () => {
    const { output, stdout } = captureOutput({ isTTY: true, environment: { NO_COLOR: '1' } });
    Object.assign(stdout, { columns: 90, rows: 30 });
    const { screen } = output;
    expect(screen).to.include({ columns: 90, rows: 30, colour: false });
    Object.assign(stdout, { columns: 40 });
    expect(screen?.columns).to.equal(40);
    screen?.write('\u001B[H');
    expect(stdout.text).to.equal('\u001B[H');
    expect(captureOutput().output.screen).to.equal(undefined);
  });
});

describe('wantsColour', () => {
  const cases: readonly [string, boolean, NodeJS.ProcessEnv, boolean][] = [
    ['a terminal gets colour', true, {}, true],
    ['a pipe gets no colour', false, {}, false],
    ['a dumb terminal gets no colour', true, { TERM: 'dumb' }, false],
    ['NO_COLOR disables colour on a terminal', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR has no effect', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR enables colour on a pipe', false, { FORCE_COLOR: '1' }, true],
    ['an empty FORCE_COLOR enables colour, too', false, { FORCE_COLOR: '' }, true],
    ['FORCE_COLOR=0 disables colour', true, { FORCE_COLOR: '0' }, false],
    ['FORCE_COLOR=false disables colour', true, { FORCE_COLOR: 'false' }, false],
    ['FORCE_COLOR has precedence over NO_COLOR', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ];
  for (const [title, isTTY, environment, expected] of cases) {
    it(title, () => {
      expect(wantsColour({ isTTY }, environment)).to.equal(expected);
    });
  }
});
