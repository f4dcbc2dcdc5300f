import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { endAllCli, startCli } from '../support/start-cli.js';

/** Starts a server on a free local port. It accepts requests and never responds. */
async function silentServer(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** Fetches metrics. Resolves with undefined if the request fails. */
async function scrape(url: string): Promise<string | undefined> {
  const page = url.endsWith('/metrics') ? url : `${url}/metrics`;
  return fetch(page).then(
    (response) => response.text(),
    () => undefined,
  );
}

const serving = /serving metrics at (\S+)/;
const lingering =
  /serving metrics at (\S+) and a page with charts at \S+ until one more scrape, for at most 60 s, or until Ctrl-C\n/;

describe('tinyllm', function () {
  this.timeout(30_000);
  afterEach(endAllCli);

  it('checks the installation, and notes that the metrics are off', async () => {
    const cli = startCli(['doctor', '--provider', 'embedded'], { TINYLLM_METRICS: 'off' });
    const { code, stdout } = await cli.end();
    expect(code, stdout).to.equal(0);
    expect(stdout).to.include('– switch    TINYLLM_METRICS=off disables all metrics\n');
  });

  it('notes on stderr that exported metrics are off', async () => {
    const off = { TINYLLM_METRICS: 'off' };
    const line = 'TINYLLM_METRICS=off disables the metrics of this process\n';
    const run = ['run', '2+2', '--provider', 'embedded', '--json'];
    const exporting = await startCli([...run, '--metrics-port', '0', '--linger', '0'], off).end();
    expect(exporting.stderr.split(line)).to.have.length(2);
    expect(JSON.parse(exporting.stdout)).to.include({ answer: '4' });
    expect((await startCli(run, off).end()).stderr).to.not.include(line);
    const { stderr, stdout } = await startCli(['demo', '--port', '0', '--duration', '0.1', '--json'], off).end();
    expect(stderr).to.include(line);
    expect(JSON.parse(stdout)).to.include({ simulation: true });
  });

  it('rejects an invalid TINYLLM_METRICS', async () => {
    for (const command of [['metrics', '--port', '0'], ['proxy'], ['run', '2+2']]) {
      const { code, stderr } = await startCli(command, { TINYLLM_METRICS: 'of' }).end();
      expect(code, stderr).to.equal(2);
      expect(stderr).to.match(/^tinyllm: The environment variable TINYLLM_METRICS is "of"; expected on or off\.$/m);
    }
  });

  it('prints the answer on stdout and serves metrics until a scrape', async () => {
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
    // Default metrics require --default-metrics.
    expect(text).not.to.contain('process_resident_memory_bytes');
    const { code, stderr } = await cli.end();
    expect(code).to.equal(0);
    expect(stderr).to.match(serving).and.to.contain('answered by embedded, model embedded');
    expect(await scrape(url)).to.equal(undefined);
  });

  it('prints a failure immediately as a line and as JSON, and serves its metrics', async () => {
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

  it('exits with 130 and closes the server on Ctrl-C while waiting for a scrape', async () => {
    const cli = startCli(['run', '1+1', '--provider', 'embedded', '--metrics-port', '0', '--linger', '60']);
    const [, url = ''] = await cli.untilStderr(lingering);
    cli.child.kill('SIGINT');
    expect(await cli.end()).to.include({ code: 130, stdout: '2\n' });
    expect(await scrape(url)).to.equal(undefined);
  });

  it('exits with 130 and cancels the model request on Ctrl-C', async () => {
    const { server, port } = await silentServer();
    try {
      const received = once(server, 'request');
      const cli = startCli(['run', 'hello', '--provider', 'ollama', '--metrics-port', '0', '--linger', '60'], {
        OLLAMA_HOST: `127.0.0.1:${port}`,
      });
      const [request] = await received;
      const letGo = once(request.socket, 'close');
      cli.child.kill('SIGINT');
      await letGo;
      const { code, stdout, stderr } = await cli.end();
      expect({ code, stdout }).to.deep.equal({ code: 130, stdout: '' });
      expect(stderr).to.match(/^serving metrics at (\S+\/)metrics and a page with charts at \1\n$/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('lets running questions of a batch finish on Ctrl-C, and exits immediately on the second one', async () => {
    const { server, port } = await silentServer();
    try {
      const received = once(server, 'request');
      const cli = startCli(['run', '--file', 'LICENSE', '--provider', 'ollama', '--grace', '60'], {
        OLLAMA_HOST: `127.0.0.1:${port}`,
      });
      await received;
      cli.child.kill('SIGINT');
      await cli.untilStderr(/^stopping: waiting up to 60 s for running questions; press Ctrl-C again to stop now\n/);
      cli.child.kill('SIGINT');
      expect(await cli.end()).to.include({ code: 130, stdout: '' });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  // The signal arrives while the process prints, so it is handled only at the end.
  const signalled = (stream: string) =>
    [
      `const { write } = process.${stream};`,
      `process.${stream}.write = (text, ...rest) => {`,
      "if (text !== '') process.kill(process.pid, 'SIGINT');",
      `return write.call(process.${stream}, text, ...rest);`,
      '};',
    ].join('');
  const preload = (code: string) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` });

  it('exits with 130 on a Ctrl-C during its last output', async () => {
    const cli = startCli(['run', '1+1', '--provider', 'embedded'], preload(signalled('stdout')));
    expect(await cli.end()).to.include({ code: 130, stdout: '2\n' });
  });

  it('exits with 130 on a Ctrl-C during a failure', async () => {
    const cli = startCli(['graph', 'check', 'no-such-graph.yaml'], preload(signalled('stderr')));
    expect(await cli.end()).to.include({ code: 130, stdout: '' });
  });

  it('serves metrics until it is stopped, and exits with 143 on SIGTERM', async () => {
    const cli = startCli(['metrics', '--port', '0'], { OLLAMA_HOST: '127.0.0.1:1' });
    const [, url = ''] = await cli.untilStderr(serving);
    expect(await scrape(url)).to.contain('tinyllm_system_info{');
    expect(await scrape(url)).to.contain('tinyllm_system_info{');
    cli.child.kill('SIGTERM');
    expect(await cli.end()).to.include({ code: 143, stdout: '' });
    expect(await scrape(url)).to.equal(undefined);
  });

  it('exits when the shell of npx has exited', async () => {
    const command = `"${process.execPath}" cli/bin/tinyllm.js metrics --port 0; true`;
    const shell = spawn('sh', ['-c', command], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, npm_lifecycle_event: 'npx', OLLAMA_HOST: '127.0.0.1:2' },
    });
    await once(shell.stderr, 'data');
    const closed = once(shell, 'close');
    shell.kill('SIGTERM');
    // The command is the last process with this standard error, so its exit closes it.
    await closed;
  });

  it('exits with 1 and prints one line if a port is in use', async () => {
    const { server, port } = await silentServer();
    try {
      const { code, stdout, stderr } = await startCli(['metrics', '--port', String(port)]).end();
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr).to.match(new RegExp(`^tinyllm: .*${port}.*\n$`));
    } finally {
      server.close();
    }
  });

  it('exits with 2 and suggests the help if the command line is invalid', async () => {
    const { code, stdout, stderr } = await startCli(['run', '2+2', '--jason', '--json']).end();
    expect(code).to.equal(2);
    expect(JSON.parse(stdout).error.name).to.equal('UsageError');
    expect(stderr).to.equal('tinyllm: unknown flag --jason. Did you mean --json?\nTry: tinyllm run --help\n');
  });

  it('prints help on stderr and exits with 2 without a command', async () => {
    const { code, stdout, stderr } = await startCli([]).end();
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.contain('  run [query..]');
  });

  it('exits silently if the reader of stdout exits', async () => {
    const cli = startCli(['graph', 'show']);
    cli.child.stdout.destroy();
    expect(await cli.end()).to.deep.equal({ code: 0, stdout: '', stderr: '' });
  });

  it('prints the stack trace with --debug', async () => {
    const { code, stderr } = await startCli(['graph', 'check', 'no-such-graph.yaml', '--debug']).end();
    expect(code).to.equal(1);
    expect(stderr)
      .to.match(/^tinyllm: no-such-graph\.yaml: .+\n/)
      .and.to.match(/^\s+at .*loadGraph/m);
  });
});
