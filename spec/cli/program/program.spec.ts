import { expect } from 'chai';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { commands } from '../../../cli/program/declarations.js';
import { type Program, readProgram } from '../../../cli/program/program.js';
import { VERSION } from '../../../lib/core/version/version.js';
import { staticImports } from '../../support/static-imports.js';

describe('readProgram', () => {
  const textOf = (args: readonly string[], requested: boolean): string => {
    const program: Program = readProgram(args);
    if (program.kind !== 'text') throw new Error(`${args.join(' ')} is a command`);
    expect(program.requested).to.equal(requested);
    return program.text;
  };

  for (const { name, summary, flags, example } of commands) {
    it(`explains ${name}, its flags and an example`, () => {
      for (const help of ['--help', '-h']) {
        const text = textOf([...name.split(' '), help], true);
        expect(text).to.contain(`tinyllm ${name}`).and.to.contain(summary.split(',')[0]);
        for (const flag of Object.keys(flags)) expect(text).to.contain(`--${flag}`);
        expect(text).to.contain('Examples:').and.to.contain(example[0].split(' ').slice(0, 2).join(' '));
      }
    });
  }

  it('explains tinyllm itself', () => {
    const text = textOf(['--help'], true);
    for (const word of ['tinyllm <command>', '  run [query..] ', '  metrics ', '  graph check <file> ']) {
      expect(text).to.contain(word);
    }
  });

  it('treats `help` as --help if it takes the place of a command', () => {
    expect(textOf(['help'], true)).to.equal(textOf(['--help'], true));
    expect(textOf(['help', 'graph', 'check'], true)).to.equal(textOf(['graph', 'check', '-h'], true));
  });

  it('prints its version', () => {
    expect(textOf(['--version'], true)).to.equal(VERSION);
  });

  it('returns the help without a command, and marks it as not requested', () => {
    expect(textOf([], false)).to.contain('  run [query..]');
  });

  const accepted: readonly (readonly string[])[] = [
    ['run', 'What', 'is', '2+2?'],
    ['run', 'What is 2+2?', '--metrics-port', '0', '--linger', '0', '--json', '--trace', '--debug'],
    ['run', '--metrics-port=9090', '--metrics-host', '::1', '--', '-5', '+', '3'],
    ['run', '-5', '+', '3'],
    ['run', '007'],
    ['run', 'I', 'need', 'help'],
    ['run', '--', '--help'],
    ['graph', 'check', 'help'],
    ['metrics'],
    ['metrics', '--port', '65535', '--host', 'localhost'],
    ['metrics', '--web-config-file', 'web.yml'],
    ['run', 'q', '--metrics-port', '0', '--web-config-file', 'web.yml'],
    ['run', 'q', '--metrics-port', '0', '--default-metrics'],
    ['run', 'q', '--default-metrics', '--metrics-file', 'a.prom'],
    ['metrics', '--default-metrics'],
    ['metrics', '--no-page'],
    ['metrics', '--openmetrics-2'],
    ['serve', '--metrics-port', '0', '--openmetrics-2'],
    ['run', 'q', '--metrics-port', '0', '--no-page'],
    ['worker', '--queue', 'redis://127.0.0.1', '--metrics-port', '0', '--no-page'],
    ['metrics', '--expire', '0'],
    ['run', '--file', 'prompts.txt', '--output', 'answers.jsonl', '--workers', '2', '--max-queue-size', '10'],
    ['run', '--file', '-', '--rate', '600/m', '--priority', 'high', '--json', '--grace', '0.5'],
    ['run', '--file', 'prompts.txt', '--queue', 'redis://127.0.0.1:6379'],
    ['worker', '--queue', 'redis://127.0.0.1', '--metrics-port', '0', '--label', 'tenant', '--label', 'zone=eu'],
    ['run', '--file', 'a', '--queue', 'redis://127.0.0.1', '--label', 'tenant=acme'],
    ['serve', '--metrics-port', '0', '--label', 'provider', '--label', 'env=value:prod'],
    ['worker', '--queue', 'redis://127.0.0.1', '--graph', 'a.yaml', '--graph', 'b.yaml', '--concurrency', '3'],
    ['run', 'q', '--json=false', '--trace=true', '--', '--trace=yes'],
    ['graph', 'check', 'a.yaml', '--json'],
    ['graph', 'show'],
    ['graph', 'show', '1'],
    ['run', 'q', '--base-url', 'http://127.0.0.1:8080'],
    ['run', 'q', '--provider', 'ollama', '--base-url', '127.0.0.1:11434'],
    ['models', 'list', '--provider', 'openai', '--base-url', 'http://127.0.0.1:8080/v1', '--json'],
    ['models', 'ps', '--host', '127.0.0.1'],
    ['worker', '--queue', 'redis://127.0.0.1', '--base-url', 'http://127.0.0.1:8080/v1'],
    ['models', 'pull', 'qwen2.5:0.5b'],
    ['completion', 'bash'],
    ['demo'],
    ['demo', '--port', '0', '--rate', '300/m', '--seed', '7', '--duration', '60', '--json'],
    ['proxy'],
    ['proxy', '--upstream', 'http://a', '--upstream', 'https://b', '--models', 'a, b', '--inspect-limit', '512k'],
    ['proxy', '--max-connections', '16', '--stall-seconds', '0.5', '--inspect-memory', '1M', '--no-ps'],
    ['proxy', '--rate', '10/s', '--max-concurrent', '4', '--max-waiting', '8', '--no-ps', '--api-keys-file', 'keys'],
    ['proxy', '--label', 'tenant=header:X-Tenant', '--label', 'provider', '--label-values', 'tenant=acme,globex'],
    ['top'],
    ['top', 'user:pass@localhost:9090', '--interval', '0.5', '--window', '30', '--once', '--json'],
  ];
  for (const args of accepted) {
    it(`accepts ${JSON.stringify(args.join(' '))}`, () => {
      expect(readProgram(args).kind).to.equal('command');
    });
  }

  const refused: readonly (readonly [args: readonly string[], message: string, command: string])[] = [
    [['metrcs'], 'unknown command "metrcs". Did you mean "metrics"?', ''],
    [
      ['xyzzy', '2'],
      'unknown command "xyzzy". Expected one of run, worker, proxy, serve, metrics, top, demo, doctor, completion, graph, models, monitoring, session.',
      '',
    ],
    [['graph'], 'graph got no command; expected graph check <file> or graph show [file].', 'graph'],
    [
      ['What is 2+2?'],
      'Expected one of run, worker, proxy, serve, metrics, top, demo, doctor, completion, graph, models, monitoring, session. To ask a question, use tinyllm run "QUESTION".',
      '',
    ],
    [['monitoring'], 'monitoring got no command; expected monitoring export.', 'monitoring'],
    [['demo', '--rate', '1001'], '--rate got 1001/s; expected at most 1000/s.', 'demo'],
    [['session'], 'session got no command; expected session list, session show <name> or session', 'session'],
    [['graph', '--json'], 'unknown flag --json', 'graph'],
    [['graph', 'chekc-it'], 'unknown command "graph chekc-it"', 'graph'],
    [['graph', 'chck', 'a.yaml'], 'Did you mean "check"?', 'graph'],
    [['constructor'], 'unknown command "constructor"', ''],
    [['--bogus'], 'unknown flag --bogus', ''],
    [['run', 'q', '--metics-port', '9090'], 'unknown flag --metics-port. Did you mean --metrics-port?', 'run'],
    [['run', 'q', '--no-json'], 'unknown flag --no-json', 'run'],
    [['run', 'q', '-x'], 'unknown flag -x', 'run'],
    [['run', '-5x + 3'], 'If a query begins with a dash, put -- before it: tinyllm run -- "-x + 3".', 'run'],
    [['run'], 'run got no query', 'run'],
    [['run', ''], 'run got no query', 'run'],
    [['run', ' ', '\t'], 'run got no query', 'run'],
    [['run', '--', ' '], 'run got no query', 'run'],
    [['run', 'q', '--metrics-port'], '--metrics-port got an empty value', 'run'],
    [['run', 'q', '--metrics-port', '-1'], '--metrics-port got "-1"', 'run'],
    [['run', 'q', '--metrics-port', '65536'], 'from 1 to 65535, or 0', 'run'],
    [['run', 'q', '--metrics-port', '1', '--metrics-port', '2'], 'was given 2 times', 'run'],
    [['run', 'q', '--linger', '-1'], '--linger got "-1"', 'run'],
    [['run', 'q', '--linger', 'NaN'], '--linger got "NaN"', 'run'],
    [['run', 'q', '--trace=yes'], '--trace got "yes"; expected no value, true or false.', 'run'],
    [['run', 'q', '--json='], '--json got an empty value', 'run'],
    [['run', 'q', '--provider', ''], '--provider got an empty value', 'run'],
    [['run', 'q', '--graph='], '--graph got an empty value', 'run'],
    [['run', 'q', '--model', '--json'], '--model got an empty value', 'run'],
    [['run', 'q', '--file', 'prompts.txt'], 'run got a question and --file', 'run'],
    [['run', '--file', ''], '--file got an empty value', 'run'],
    [['run', 'q', '--workers', '2'], '--workers works only for a batch of questions', 'run'],
    [['run', '--file', 'f', '--workers', '0'], '--workers got "0"', 'run'],
    [['run', '--file', 'f', '--rate', '5/d'], '--rate got "5/d"; expected a rate such as', 'run'],
    [['run', '--file', 'f', '--rate', '0'], '--rate got "0"', 'run'],
    [['run', '--file', 'f', '--priority', 'urgent'], 'expected one of high, normal, low', 'run'],
    [['run', '--file', 'f', '--trace'], '--trace works only for a single question, not with --file.', 'run'],
    [['run', '--file', 'f', '--queue', 'http://r'], '--queue got an invalid address', 'run'],
    [['run', '--file', 'f', '--session', 's'], '--session works only for a single question, not with --file.', 'run'],
    [['worker'], 'worker got no --queue', 'worker'],
    [['worker', '--queue', 'foo'], '--queue got an invalid address; expected redis://HOST:PORT', 'worker'],
    [['worker', '--queue', 'redis://r', '--graph', ''], '--graph got an empty value', 'worker'],
    [
      ['worker', '--queue', 'redis://r', '--stalled-after', '0'],
      '--stalled-after got 0; expected at least 0.2 seconds',
      'worker',
    ],
    [['worker', '--queue', 'redis://r', '--label', 'a=b'], 'add --metrics-port', 'worker'],
    [['worker', '--queue', 'redis://r', '--default-metrics'], 'add --metrics-port', 'worker'],
    [['serve', 'graph.yaml'], 'serve got "graph.yaml"; expected only flags', 'serve'],
    [['serve', '--deadline', '0'], '--deadline got 0; expected seconds above 0', 'serve'],
    [['serve', '--no-page'], 'add --metrics-port', 'serve'],
    [['serve', '--openmetrics-2'], 'add --metrics-port', 'serve'],
    [['serve', '--log-level', 'warning'], '--log-level got "warning"', 'serve'],
    [['serve', '--body-limit', '1G'], '--body-limit got "1G"', 'serve'],
    [['serve', '--label', 'tenant=header:X-Tenant'], 'add --metrics-port', 'serve'],
    [
      ['serve', '--metrics-port', '0', '--label', 'api=provider'],
      `--label got "api=provider"; expected --label provider, because serve can't rename this label.`,
      'serve',
    ],
    [['serve', '--metrics-port', '0', '--label', 'a=b'], 'expected NAME=header:HEADER, NAME=key,', 'serve'],
    [['serve', '--metrics-port', '0', '--label', 'a=key'], 'so add --api-keys-file', 'serve'],
    [['serve', '--session', 's'], 'unknown flag --session', 'serve'],
    [['metrics', '--port', 'http'], '--port got "http"', 'metrics'],
    [['metrics', '--metrics-port', '1'], 'unknown flag --metrics-port', 'metrics'],
    [['metrics', '--web-config-file', ''], '--web-config-file got an empty value', 'metrics'],
    [['run', 'q', '--linger', '5'], 'add --metrics-port', 'run'],
    [['run', 'q', '--provider', 'embeded'], '--provider got "embeded"', 'run'],
    [['demo', '60'], 'demo got "60"; expected only flags', 'demo'],
    [['demo', '--seed', '1.5'], '--seed got "1.5"', 'demo'],
    [['proxy', 'http://a'], 'proxy got "http://a"; expected only flags', 'proxy'],
    [['proxy', '--stall-seconds', '0'], 'expected a number above 0', 'proxy'],
    [['proxy', '--max-waiting', '8'], 'add --max-concurrent', 'proxy'],
    [['proxy', '--upstream-key-file', 'key'], 'add --api-keys-file', 'proxy'],
    [['proxy', '--models', 'a,,b'], '--models got an empty name', 'proxy'],
    [['proxy', '--upstream', 'http://a:1/v1'], 'has a path; use http://a:1, because', 'proxy'],
    [['proxy', '--label', 'tenant=header:cookie'], '--label got "tenant=header:cookie"; expected a header', 'proxy'],
    [['proxy', '--port', 'x'], '--port got "x"', 'proxy'],
    [['top', 'ftp://jo:secret@host'], 'top got "ftp://***@host"; expected the URL of a metrics endpoint', 'top'],
    [['top', '--interval', '0'], '--interval got 0; expected at least 0.1 seconds', 'top'],
    [['metrics', '9090'], 'metrics got "9090"', 'metrics'],
    [['graph', 'check'], 'graph check got no file', 'graph check'],
    [['graph', 'check', 'a', 'b'], 'graph check got the extra argument "b"', 'graph check'],
    [['run', 'q', '--base-url', '127.0.0.1:8080'], '--base-url got "127.0.0.1:8080"', 'run'],
    [['run', 'q', '--base-url', 'http://a', '--provider', 'embedded'], 'embedded, which has no server', 'run'],
    [['models', 'list', 'all'], 'models list got "all"', 'models list'],
    [['completion'], 'completion got no shell; expected one of bash, zsh, fish.', 'completion'],
    [['completion', 'tcsh'], 'completion got "tcsh"; expected one of bash', 'completion'],
    [['models', 'pull'], 'models pull got no name', 'models pull'],
    [['models', 'pull', 'a', 'b'], 'models pull got the extra argument "b"', 'models pull'],
    [['models', 'pull', 'a', '--provider', 'openai'], 'only Ollama downloads models', 'models pull'],
    [['models', 'ps', '--base-url', 'http://a'], 'only Ollama lists models in memory', 'models ps'],
    [['graph', 'show', '--json'], 'unknown flag --json', 'graph show'],
  ];
  for (const [args, message, command] of refused) {
    it(`rejects ${JSON.stringify(args.join(' '))}`, () => {
      expect(() => readProgram(args))
        .to.throw(UsageError, message)
        .with.property('command', command);
    });
  }

  it('before a command runs, loads only declarations, settings and yargs', () => {
    const loaded = staticImports('cli/main.ts');
    const outside = [...loaded].filter((name) => !name.startsWith('cli/') && !name.startsWith('node:'));
    const settings = ['executor', 'monitoring', 'proxy', 'resilience'].map((name) => `@tinyllm/${name}/settings`);
    expect(outside.sort()).to.deep.equal([...settings, 'tinyllm/catalog', 'tinyllm/configuration', 'yargs']);
    // The build bundles the used parts of these entry points.
    const built = [...staticImports('cli/dist/main.js')].filter((name) => !/^node:|^cli\/dist\//.test(name));
    expect(built).to.deep.equal(['yargs']);
    const ofCommands = [...loaded].filter(
      (name) => name.startsWith('cli/commands/') && !name.endsWith('/declaration.ts'),
    );
    expect(ofCommands.sort()).to.deep.equal(['cli/commands/completion/shells.ts', 'cli/commands/top/top-url.ts']);
  });
});
