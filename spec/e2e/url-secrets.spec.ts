import { inspect } from 'node:util';
import { expect } from 'chai';
import { CommandArguments } from '../../cli/command/command-arguments.js';
import { Lifetime } from '../../cli/command/lifetime.js';
import { commands } from '../../cli/program/declarations.js';
import { type Program, readProgram } from '../../cli/program/program.js';
import { pushMetrics } from '../../lib/core/index.js';
import { readPushUrl } from '../../lib/core/push/push-url.js';
import { RedisLink, readOllamaResidency } from '../../lib/executor/servers.js';
import { startProxy } from '../../lib/proxy/index.js';
import { captureOutput } from '../support/captured-output.js';
import { freePort } from '../support/free-port.js';

/** The two parts of the password. In some URLs, a character between them could end the password too early. */
const secret = /hunter2|sesame/;

/** URLs and mistyped URLs. */
const urls: readonly string[] = [
  'http://me:hunter2@127.0.0.1:1',
  'http://hunter2@127.0.0.1:1/v1',
  'http://me:hunter2/sesame@127.0.0.1:1',
  'http://me:hunter2?sesame@127.0.0.1:1',
  'http://me:hunter2#sesame@127.0.0.1:1',
  'http://me:hunter2 sesame@127.0.0.1:1',
  'http://me:hunter2@sesame@127.0.0.1:1',
  'http://127.0.0.1:1/?key=hunter2',
  'http://127.0.0.1:1/v1?a=b&key=hunter2',
  'http://127.0.0.1:1/?key=hunter2@sesame',
  '127.0.0.1:1/?key=hunter2',
  'me:hunter2@127.0.0.1:1',
  'http//me:hunter2@127.0.0.1',
  'ftp://me:hunter2@127.0.0.1',
  'http://me:hunter2@[bad',
  'http://[bad/?key=hunter2',
  'http://me:hunter2@127.0.0.1:99999',
  'redis://:hunter2@127.0.0.1:1',
  'redis://me:hunter2@127.0.0.1:1/database',
  'rediss://me:hunter2@127.0.0.1:1?key=sesame',
  'redis://me:%hunter2@127.0.0.1:1',
];

describe('the secrets of URLs', function () {
  this.timeout(60_000);

  /** The output for an error: as a line, as JSON, and with its causes. */
  function printed(error: unknown): string {
    const { output, stdout, stderr } = captureOutput();
    output.failure(error, { json: true, debug: true });
    return stdout.text + stderr.text;
  }

  /** The output for a rejected command line. Undefined if it is accepted. */
  function usageError(args: readonly string[]): string | undefined {
    try {
      const program: Program = readProgram(args);
      return program.kind === 'text' ? program.text : undefined;
    } catch (error) {
      return printed(error);
    }
  }

  for (const { name, flags, argument, read } of commands) {
    const words = name.split(' ');

    it(`do not appear in usage errors of ${name} for any flag`, () => {
      const flagError = (values: Readonly<Record<string, unknown>>): string => {
        try {
          const query = argument === undefined ? {} : { [argument.name]: 'tiny' };
          read(new CommandArguments(name, { _: words, ...query, ...values }));
          return '';
        } catch (error) {
          return printed(error);
        }
      };
      for (const url of urls) {
        for (const flag of Object.keys(flags)) {
          for (const value of [url, [url, url]]) {
            expect(flagError({ [flag]: value }), `--${flag} ${url}`).to.not.match(secret);
          }
        }
      }
    });

    it(`do not appear in usage errors of ${name} for arguments or unknown flags`, () => {
      for (const url of urls.slice(0, 14)) {
        for (const args of [[url, url], [`--${url}`], [`--debug=${url}`]]) {
          expect(usageError([...words, ...args]) ?? '', args.join(' ')).to.not.match(secret);
        }
      }
    });
  }

  it('do not appear in usage errors of unknown commands', () => {
    for (const url of urls) {
      for (const args of [[url], ['graph', url], [`--${url}`], ['help', url], ['models', url]]) {
        expect(usageError(args) ?? '', args.join(' ')).to.not.match(secret);
      }
    }
  });

  const set = { ...process.env };
  afterEach(() => {
    for (const name of ['OLLAMA_HOST', 'OPENAI_BASE_URL', 'TINYLLM_HUB', 'TINYLLM_TOP_URL']) {
      if (set[name] === undefined) delete process.env[name];
      else process.env[name] = set[name];
    }
  });

  /** Runs a command in this process until it ends, for at most 8 seconds. Returns its output and its error. */
  async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
    Object.assign(process.env, environment);
    const { output, stdout, stderr } = captureOutput();
    const lifetime = new Lifetime(output);
    let failure = '';
    try {
      const program = readProgram(args);
      if (program.kind !== 'command') throw new Error('The arguments contain no command.');
      const timer = setTimeout(() => lifetime.end(), 8_000);
      await program.execute(lifetime).finally(() => clearTimeout(timer));
    } catch (error) {
      failure = printed(error);
    }
    await lifetime.close().catch((error) => {
      failure += printed(error);
    });
    return stdout.text + stderr.text + failure;
  }

  const at = (port: number, more = '') => `http://me:hunter2@127.0.0.1:${port}${more}`;
  type Case = readonly [args: readonly string[], environment?: Readonly<Record<string, string>>];
  const running: readonly ((port: number) => Case)[] = [
    (port) => [['top', at(port, '/metrics?key=sesame'), '--once', '--interval', '0.1']],
    (port) => [['top', at(port), '--once', '--json', '--interval', '0.1']],
    (port) => [['top', '--once', '--interval', '0.1'], { TINYLLM_TOP_URL: at(port) }],
    (port) => [['doctor', '--endpoint', at(port, '/?key=sesame'), '--provider', 'embedded']],
    (port) => [['doctor', '--prometheus', at(port, '/?key=sesame'), '--provider', 'embedded']],
    (port) => [['doctor', '--json', '--store', `redis://me:hunter2@127.0.0.1:${port}`]],
    (port) => [['doctor', '--base-url', at(port, '/v1')]],
    (port) => [['doctor', '--base-url', at(port), '--provider', 'ollama'], { TINYLLM_HUB: at(port) }],
    (port) => [['doctor', '--provider', 'ollama'], { OLLAMA_HOST: `me:hunter2@127.0.0.1:${port}` }],
    (port) => [['doctor', '--provider', 'openai'], { OPENAI_BASE_URL: at(port, '/v1?key=sesame') }],
    (port) => [['models', 'list', '--base-url', at(port, '/v1')]],
    (port) => [['models', 'list', '--host', `me:hunter2@127.0.0.1:${port}`]],
    (port) => [['models', 'ps', '--base-url', at(port), '--provider', 'ollama']],
    (port) => [['models', 'pull', 'tiny', '--host', `http://me:hunter2@127.0.0.1:${port}`]],
    (port) => [['run', 'q', '--base-url', at(port, '/v1'), '--retries', '1']],
    (port) => [['run', 'q', '--base-url', at(port), '--provider', 'ollama', '--json']],
    (port) => [['run', 'q', '--provider', 'embedded', '--push', at(port)]],
    (port) => [['run', 'q', '--provider', 'embedded'], { TINYLLM_HUB: at(port) }],
    () => [['run', 'q', '--provider', 'embedded'], { TINYLLM_HUB: 'http://me:hunter2/sesame@127.0.0.1' }],
    (port) => [['run', 'q', '--provider', 'embedded', '--cache', `redis://:hunter2@127.0.0.1:${port}`]],
    (port) => [
      ['run', 'q', '--provider', 'embedded', '--session', 's', '--store', `redis://:hunter2@127.0.0.1:${port}`],
    ],
    (port) => [['session', 'list', '--store', `redis://:hunter2@127.0.0.1:${port}`]],
    (port) => [['worker', '--provider', 'embedded', '--queue', `redis://:hunter2@127.0.0.1:${port}`]],
    (port) => [['serve', '--port', '0', '--base-url', at(port, '/v1')]],
  ];
  for (const make of running) {
    const [args, environment] = make(0);
    const title = [...Object.entries(environment ?? {}).map((pair) => pair.join('=')), ...args].join(' ');
    it(`do not appear in the output of ${title.replaceAll('hunter2', '…').replaceAll('sesame', '…')}`, async () => {
      const text = await run(...make(await freePort()));
      expect(text).to.not.match(secret);
      expect(text, 'the command prints something').to.match(/\w/);
      expect(text).to.not.include('unexpected');
    });
  }

  /** An error with all its fields and causes. */
  async function thrown(action: () => unknown): Promise<string> {
    try {
      await action();
      return '';
    } catch (error) {
      return inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
    }
  }

  for (const url of urls) {
    it(`do not appear in the library's errors, fields or causes, for ${url.replace(/hunter2|sesame/g, '…')}`, async () => {
      const actions: readonly (() => unknown)[] = [
        () => pushMetrics({ url, timeoutMilliseconds: 500 }),
        () => startProxy({ upstreams: [url], port: 0 }),
        () => readOllamaResidency({ host: url }),
        () => {
          const link = new RedisLink(url, { deadlineMilliseconds: 300 });
          return link.use('answer', (client) => client.info()).finally(() => link.close());
        },
      ];
      for (const action of actions) expect(await thrown(action)).to.not.match(secret);
      const read = readPushUrl(url);
      expect('shown' in read ? read.shown + read.expected : read.base).to.not.match(secret);
    });
  }
});
