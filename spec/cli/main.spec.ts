import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { endAllCli, startCli } from '../support/start-cli.js';

/** Starts a server on a free port of this machine that takes requests and never answers. */
async function silentServer(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** Fetches a metrics page; what is expected to fail resolves with undefined. */
async function scrape(url: string): Promise<string | undefined> {
  const page = url.endsWith('/metrics') ? url : `${url}/metrics`;
  return fetch(page).then(
    (response) => response.text(),
    () => undefined,
  );
}

const serving = /serving metrics at (\S+)/;
const lingering = /serving metrics at (\S+) and a page that draws them at \S+ until one more scrape, 60 s, or Ctrl-C\n/;

describe('tinyllm', function () {
  this.timeout(30_000);
  afterEach(endAllCli);

  it('answers on stdout, serves its metrics until they are scraped, and says so on stderr', async () => {
    const cli = startCli([
      'run',
      'What',
      'is',
      '2+2?',
      '--provider',
      'embedded',
      '--metrics-port',
      '0',
      '--linger',
      '60',
    ]);
    const [, url = ''] = await cli.untilStderr(lingering);
    expect(cli.stdout).to.equal('4\n');
    const text = await scrape(url);
    expect(text).to.match(/^tinyllm_graph_executions_total\{graph="multi_domain"\} 1$/m);
    expect(text).to.match(/^tinyllm_requests_total\{model="embedded",graph="multi_domain",request_type="\w+"\} 1$/m);
    // Those come with --default-metrics alone.
    expect(text).not.to.contain('process_resident_memory_bytes');
    const { code, stderr } = await cli.end();
    expect(code).to.equal(0);
    expect(stderr).to.match(serving).and.to.contain('answered by embedded, model embedded');
    expect(await scrape(url)).to.equal(undefined);
  });

  it('tells of a failed run at once, in a line and as an object, and lets the failure be scraped', async () => {
    const query = ['run', 'Who won the cup?', '--provider', 'embedded', '--json'];
    const cli = startCli([...query, '--metrics-port', '0', '--linger', '60']);
    const [, url = ''] = await cli.untilStderr(lingering);
    expect(JSON.parse(cli.stdout).error).to.have.keys('name', 'message').with.property('name', 'ModelUnavailableError');
    expect(cli.stderr)
      .to.match(/^tinyllm: .+$/m)
      .and.not.to.match(/^\s+at /m);
    expect(await scrape(url)).to.match(/^tinyllm_graph_errors_total\{.*error_type="ModelUnavailableError"\} 1$/m);
    expect((await cli.end()).code).to.equal(1);
  });

  it('ends with 130 on Ctrl-C while it lingers, with the server closed', async () => {
    const cli = startCli(['run', '1+1', '--provider', 'embedded', '--metrics-port', '0', '--linger', '60']);
    const [, url = ''] = await cli.untilStderr(lingering);
    cli.child.kill('SIGINT');
    expect(await cli.end()).to.include({ code: 130, stdout: '2\n' });
    expect(await scrape(url)).to.equal(undefined);
  });

  it('ends with 130 on Ctrl-C while a model is at work, and lets go of the model', async () => {
    const { server, port } = await silentServer();
    try {
      const asked = once(server, 'request');
      const cli = startCli(['run', 'hello', '--provider', 'ollama', '--metrics-port', '0', '--linger', '60'], {
        OLLAMA_HOST: `127.0.0.1:${port}`,
      });
      const [request] = await asked;
      const letGo = once(request.socket, 'close');
      cli.child.kill('SIGINT');
      await letGo;
      const { code, stdout, stderr } = await cli.end();
      expect({ code, stdout }).to.deep.equal({ code: 130, stdout: '' });
      expect(stderr).to.match(/^serving metrics at (\S+\/)metrics and a page that draws them at \1\n$/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('lets a batch end what is under way on Ctrl-C, and ends at once on the second', async () => {
    const { server, port } = await silentServer();
    try {
      const asked = once(server, 'request');
      const cli = startCli(['run', '--file', 'LICENSE', '--provider', 'ollama', '--grace', '60'], {
        OLLAMA_HOST: `127.0.0.1:${port}`,
      });
      await asked;
      cli.child.kill('SIGINT');
      await cli.untilStderr(/^ending; what is under way has 60 s, Ctrl-C again ends at once\n/);
      cli.child.kill('SIGINT');
      expect(await cli.end()).to.include({ code: 130, stdout: '' });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  // The process is sent its signal as it prints, so that it cannot hear of it before it has nothing left to do.
  const signalled = (stream: string) =>
    [
      `const { write } = process.${stream};`,
      `process.${stream}.write = (text, ...rest) => {`,
      "if (text !== '') process.kill(process.pid, 'SIGINT');",
      `return write.call(process.${stream}, text, ...rest);`,
      '};',
    ].join('');
  const preload = (code: string) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` });

  it('ends with 130 on a Ctrl-C that comes with its last words', async () => {
    const cli = startCli(['run', '1+1', '--provider', 'embedded'], preload(signalled('stdout')));
    expect(await cli.end()).to.include({ code: 130, stdout: '2\n' });
  });

  it('ends with 130 on a Ctrl-C that comes with its failure', async () => {
    const cli = startCli(['graph', 'check', 'no-such-graph.yaml'], preload(signalled('stderr')));
    expect(await cli.end()).to.include({ code: 130, stdout: '' });
  });

  it('serves metrics alone until it is ended, and ends with 143 on SIGTERM', async () => {
    const cli = startCli(['metrics', '--port', '0'], { OLLAMA_HOST: '127.0.0.1:1' });
    const [, url = ''] = await cli.untilStderr(serving);
    expect(await scrape(url)).to.contain('tinyllm_system_info{');
    expect(await scrape(url)).to.contain('tinyllm_system_info{');
    cli.child.kill('SIGTERM');
    expect(await cli.end()).to.include({ code: 143, stdout: '' });
    expect(await scrape(url)).to.equal(undefined);
  });

  it('ends when the shell has ended that npx ran it in', async () => {
    const command = `"${process.execPath}" cli/bin/tinyllm.js metrics --port 0; true`;
    const shell = spawn('sh', ['-c', command], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, npm_lifecycle_event: 'npx', OLLAMA_HOST: '127.0.0.1:2' },
    });
    await once(shell.stderr, 'data');
    const closed = once(shell, 'close');
    shell.kill('SIGTERM');
    // Its standard error is closed by the last who has it, which is the command.
    await closed;
  });

  it('ends with 1 and one line when a port is taken', async () => {
    const { server, port } = await silentServer();
    try {
      const { code, stdout, stderr } = await startCli(['metrics', '--port', String(port)]).end();
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr).to.match(new RegExp(`^tinyllm: .*${port}.*\n$`));
    } finally {
      server.close();
    }
  });

  it('ends with 2 when it is used wrongly, with the help named', async () => {
    const { code, stdout, stderr } = await startCli(['run', '2+2', '--jason', '--json']).end();
    expect(code).to.equal(2);
    expect(JSON.parse(stdout).error.name).to.equal('UsageError');
    expect(stderr).to.equal('tinyllm: unknown flag --jason. Did you mean --json?\nTry: tinyllm run --help\n');
  });

  it('answers no command at all with help on stderr, and 2', async () => {
    const { code, stdout, stderr } = await startCli([]).end();
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.contain('  run [query..]');
  });

  it('ends quietly when nobody reads its answer', async () => {
    const cli = startCli(['graph', 'show']);
    cli.child.stdout.destroy();
    expect(await cli.end()).to.deep.equal({ code: 0, stdout: '', stderr: '' });
  });

  it('shows a stack when asked', async () => {
    const { code, stderr } = await startCli(['graph', 'check', 'no-such-graph.yaml', '--debug']).end();
    expect(code).to.equal(1);
    expect(stderr)
      .to.match(/^tinyllm: no-such-graph\.yaml: .+\n/)
      .and.to.match(/^\s+at .*loadGraph/m);
  });
});
