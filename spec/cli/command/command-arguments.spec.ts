import { expect } from 'chai';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';

describe('CommandArguments', () => {
  const given = (values: Record<string, unknown>): CommandArguments =>
    new CommandArguments('run', { _: ['run'], ...values });

  it('reads ports from 0 to 65535', () => {
    for (const port of [0, 1, 9090, 65_535]) expect(given({ port: String(port) }).port('port')).to.equal(port);
    expect(given({}).port('port')).to.equal(undefined);
  });

  for (const port of ['', '-1', '65536', '99999', '100000', '80.5', '1e3', '0x50', ' 80', '８０', 'http', 'NaN']) {
    it(`rejects ${JSON.stringify(port)} as a port`, () => {
      expect(() => given({ 'metrics-port': port }).port('metrics-port'))
        .to.throw(UsageError, '--metrics-port got')
        .with.property('command', 'run');
    });
  }

  it('reads seconds with or without a fraction', () => {
    for (const text of ['0', '30', '0.25', '2147483']) {
      expect(given({ linger: text }).seconds('linger')).to.equal(Number(text));
    }
    expect(given({}).seconds('linger')).to.equal(undefined);
  });

  for (const seconds of ['', '-1', '-0.5', 'NaN', 'Infinity', '2147484', '1m', '1,5', '.5.']) {
    it(`rejects ${JSON.stringify(seconds)} as seconds`, () => {
      expect(() => given({ linger: seconds }).seconds('linger')).to.throw(UsageError, 'expected seconds');
    });
  }

  it('reads the texts of a repeatable flag whose value is optional', () => {
    expect(given({}).textsOr('plugin', 'a.js')).to.deep.equal([]);
    expect(given({ plugin: '' }).textsOr('plugin', 'a.js')).to.deep.equal(['a.js']);
    expect(given({ plugin: ['b.js', ' '] }).textsOr('plugin', 'a.js')).to.deep.equal(['b.js', 'a.js']);
  });

  it('reads the texts of a repeatable flag', () => {
    expect(given({}).texts('plugin', 'a module')).to.deep.equal([]);
    expect(given({ plugin: 'a.js' }).texts('plugin', 'a module')).to.deep.equal(['a.js']);
    expect(given({ plugin: ['a.js', 'b.js'] }).texts('plugin', 'a module')).to.deep.equal(['a.js', 'b.js']);
    expect(() => given({ plugin: ['a.js', ''] }).texts('plugin', 'a module')).to.throw(
      UsageError,
      '--plugin got an empty value; expected a module.',
    );
  });

  it('reads sizes in bytes, with or without a unit', () => {
    for (const [text, bytes] of Object.entries({ '1': 1, '65536': 65_536, '512k': 524_288, '4M': 4_194_304 })) {
      expect(given({ 'max-push-size': text }).bytes('max-push-size')).to.equal(bytes);
    }
    expect(given({}).bytes('max-push-size')).to.equal(undefined);
  });

  for (const size of ['', '0', '-1', '1.5M', '4MB', '4m', '257M', '9999999999', 'M']) {
    it(`rejects ${JSON.stringify(size)} as a size`, () => {
      expect(() => given({ size }).bytes('size')).to.throw(UsageError, 'expected a size from 1 to 256M, such as');
    });
  }

  it('reads text and rejects blank text', () => {
    expect(given({ model: 'qwen2.5:0.5b' }).text('model', 'a model')).to.equal('qwen2.5:0.5b');
    expect(given({}).text('model', 'a model')).to.equal(undefined);
    expect(() => given({ model: ' ' }).text('model', 'a model')).to.throw(
      UsageError,
      '--model got an empty value; expected a model.',
    );
  });

  it('reads a choice, and suggests a similar one for an invalid value', () => {
    const colours = ['red', 'green'] as const;
    expect(given({ colour: 'red' }).choice('colour', colours)).to.equal('red');
    expect(given({}).choice('colour', colours)).to.equal(undefined);
    const refused = (colour: string) => () => given({ colour }).choice('colour', colours);
    expect(refused('grene')).to.throw(UsageError, 'got "grene"; expected one of red, green. Did you mean green?');
    expect(refused('blue')).to.throw(UsageError, /got "blue"; expected one of red, green\.$/);
    expect(refused('')).to.throw(UsageError, '--colour got an empty value; expected one of red, green.');
  });

  it('detects whether a flag was given', () => {
    expect(given({ linger: '' }).has('linger')).to.equal(true);
    expect(given({}).has('linger')).to.equal(false);
  });

  it('rejects a repeated flag, but not a repeated switch', () => {
    expect(() => given({ port: ['1', '2'] }).port('port')).to.throw(UsageError, '--port was given 2 times');
    expect(given({ json: [true, true] }).switch('json')).to.equal(true);
    expect(given({ json: [true, false] }).switch('json')).to.equal(false);
    expect(given({}).switch('json')).to.equal(false);
  });

  it('joins the words before and after a double dash in order', () => {
    const values = { _: ['run', '-5', '+'], query: ['what', 'is'] };
    expect(new CommandArguments('run', values).words('query')).to.deep.equal(['what', 'is', '-5', '+']);
  });

  it('accepts exactly one word if one is expected', () => {
    const check = (values: Record<string, unknown>): CommandArguments => new CommandArguments('graph check', values);
    expect(check({ _: ['graph', 'check'], file: 'a.yaml' }).word('file', 'a file')).to.equal('a.yaml');
    expect(check({ _: ['graph', 'check', '-a.yaml'] }).word('file', 'a file')).to.equal('-a.yaml');
    expect(check({ _: ['graph', 'check'] }).word('file', 'a file')).to.equal(undefined);
    expect(() => check({ _: ['graph', 'check', 'b'], file: 'a' }).word('file', 'a file')).to.throw(
      UsageError,
      'graph check got the extra argument "b"; expected one file.',
    );
    expect(() => check({ _: ['graph', 'check'], file: '' }).word('file', 'a file')).to.throw(UsageError, 'empty file');
  });

  it('rejects words if none are expected', () => {
    expect(() => given({ _: ['run', 'x'] }).rejectWords()).to.throw(UsageError, 'run got "x"');
    expect(() => given({}).rejectWords()).not.to.throw();
  });
});
