import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { configureRecording } from '../../../cli/metrics/configure-recording.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { registry } from '../../../lib/core/metrics/shared-registry.js';
import { fetchLikeCurl } from '../../support/document-runner.js';
import { shellCommands } from '../../support/documents.js';
import { eventually } from '../../support/eventually.js';
import { nativeHistogramsOf, nativeRequest } from '../../support/native-histograms-of.js';
import { parseText } from '../../support/parse-text.js';
import { endAllCli, startCli } from '../../support/start-cli.js';

describe('configureRecording', function () {
  this.timeout(30_000);
  afterEach(endAllCli);

  const nodes = 'tinyllm_node_execution_duration_seconds';
  const queue = 'tinyllm_queue_wait_time_seconds';

  /** The bounds of each histogram in a scrape of the command. */
  async function boundsOf(args: readonly string[], environment: NodeJS.ProcessEnv) {
    const cli = startCli(args, environment);
    const [, url = ''] = await cli.untilStderr(/serving metrics at (\S+)/);
    const bounds = new Map<string, Set<string>>();
    // The demo needs some time for its first request.
    while ((bounds.get(nodes)?.size ?? 0) === 0) {
      for (const { name, samples } of parseText(await (await fetch(url)).text())) {
        const own = samples.flatMap(({ labels }) => (labels.le === undefined ? [] : [labels.le]));
        bounds.set(name, new Set(own));
      }
    }
    cli.child.kill('SIGTERM');
    await cli.end();
    return bounds;
  }

  it('applies --buckets and TINYLLM_BUCKETS to the metrics of a command', async () => {
    const environment = { TINYLLM_BUCKETS: `${nodes}=1,2;${queue}=3,4` };
    const run = ['run', '2+2', '--provider', 'embedded', '--metrics-port', '0', '--linger', '20'];
    const demo = ['demo', '--port', '0', '--rate', '100/s'];
    for (const command of [run, demo]) {
      const bounds = await boundsOf([...command, '--buckets', `${nodes}=.5,600`], environment);
      expect([...(bounds.get(nodes) ?? [])], command[0]).to.deep.equal(['0.5', '600', '+Inf']);
      if (command === demo) expect([...(bounds.get(queue) ?? [])]).to.deep.equal(['3', '4', '+Inf']);
    }
  });

  it('applies --native-histograms and TINYLLM_NATIVE_HISTOGRAMS to the metrics of a command', async () => {
    const demo = ['demo', '--port', '0', '--rate', '100/s'];
    const run = ['run', '2+2', '--provider', 'embedded', '--metrics-port', '0', '--linger', '20'];
    const cases: readonly (readonly [args: readonly string[], schema: number | undefined, variable?: string])[] = [
      [[...demo, '--native-histograms'], 3],
      [[...run, '--native-histograms', `${nodes}:factor=2`], 0],
      [run, 1, 'factor=1.5;tinyllm_request_latency_seconds:off'],
      [[...run, '--native-histograms=off'], undefined, 'on'],
    ];
    for (const [args, schema, variable = ''] of cases) {
      const cli = startCli(args, { TINYLLM_NATIVE_HISTOGRAMS: variable });
      const [, url = ''] = await cli.untilStderr(/serving metrics at (\S+)/);
      let histograms = nativeHistogramsOf('');
      // Before the first execution, there are no series.
      while (!histograms.has(nodes)) {
        const response = await fetch(url + nativeRequest.query, { headers: nativeRequest.headers });
        histograms = nativeHistogramsOf(await response.text());
      }
      expect(histograms.get(nodes)?.schema, args.join(' ')).to.equal(schema);
      cli.child.kill('SIGTERM');
      await cli.end();
    }
  });

  it('has native histograms in the response to the documented request', async () => {
    const documented = shellCommands(readFileSync('docs/native-histograms.md', 'utf8'));
    const request = documented.find((command) => command.startsWith('curl ')) ?? '';
    const cli = startCli(['demo', '--port', '0', '--rate', '100/s', '--native-histograms']);
    const [, url = ''] = await cli.untilStderr(/serving metrics at (\S+)/);
    const text = await eventually(async () => {
      const body = await (await fetchLikeCurl(request, url)).text();
      return body.includes('schema:3') && body;
    });
    expect([...nativeHistogramsOf(text).keys()]).to.deep.equal(['tinyllm_request_latency_seconds']);
    cli.child.kill('SIGTERM');
    await cli.end();
  });

  it('exits with 2 before the command does anything if the flag or the variable is invalid', async () => {
    const commands = [
      ['run', '2+2', '--metrics-port', '0'],
      ['serve', '--port', '0', '--metrics-port', '0'],
      ['proxy', '--port', '0', '--metrics-port', '0'],
      ['worker', '--queue', 'redis://127.0.0.1:1', '--metrics-port', '0'],
      ['demo', '--port', '0'],
    ];
    for (const command of commands) {
      const flag = await startCli([...command, '--buckets', `${nodes}=2,1`]).end();
      expect(flag).to.include({ code: 2, stdout: '' });
      expect(flag.stderr).to.equal(
        `tinyllm: --buckets got the buckets 2,1 for ${nodes}; expected each above the one before.\nTry: tinyllm ${command[0]} --help\n`,
      );
      const native = await startCli([...command, '--native-histograms', 'factor=1']).end();
      expect(native).to.include({ code: 2, stdout: '' });
      expect(native.stderr).to.equal(
        `tinyllm: --native-histograms got the factor "1"; expected a finite number above 1, such as 1.1.\nTry: tinyllm ${command[0]} --help\n`,
      );
    }
    const variable = await startCli(commands[0] ?? [], { TINYLLM_BUCKETS: `${nodes}=one` }).end();
    expect(variable.code).to.equal(2);
    expect(variable.stderr).to.contain(`TINYLLM_BUCKETS got the bucket "one" for ${nodes}`);
    const native = await startCli(commands[0] ?? [], { TINYLLM_NATIVE_HISTOGRAMS: 'max-buckets=7' }).end();
    expect(native.code).to.equal(2);
    expect(native.stderr).to.contain('TINYLLM_NATIVE_HISTOGRAMS got the max-buckets "7"; expected a whole number');
  });

  it('rejects buckets of a metric that is in use', async () => {
    await registry.metrics();
    expect(() => configureRecording({ buckets: { tinyllm_scrape_duration_seconds: [1] } })).to.throw(
      MetricsConfigurationError,
      'already in use',
    );
    configureRecording({});
  });
});
