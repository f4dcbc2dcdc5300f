import { expect } from 'chai';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { type RunCommandOptions, readRunOptions } from '../../../cli/flags/run-options.js';

describe('readRunOptions', () => {
  const read = (values: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}): RunCommandOptions =>
    readRunOptions(new CommandArguments('run', { _: ['run'], query: ['2+2'], ...values }), environment);

  it('accepts --default-metrics with every export of metrics', () => {
    const ways = [{ 'metrics-port': '0' }, { push: 'http://127.0.0.1:9091' }, { 'metrics-file': 'a.prom' }];
    for (const way of ways) expect(read({ 'default-metrics': true, ...way }).defaultMetrics).to.equal(true);
    const hub = { TINYLLM_HUB: 'http://127.0.0.1:9090' };
    expect(read({ 'default-metrics': true }, hub).defaultMetrics).to.equal(true);
  });

  it('accepts labels with values for the workers of a queue, and labels without values if it exports metrics', () => {
    const queue = 'redis://127.0.0.1';
    expect(read({ queue, label: 'tenant=acme' }).labels?.values).to.deep.equal({ tenant: 'acme' });
    expect(read({ queue, label: 'tenant', 'metrics-port': '0' }).labels?.names).to.deep.equal(['tenant']);
    expect(read({ queue }).labels?.names).to.deep.equal([]);
  });

  it('ignores an empty TINYLLM_HUB, and leaves the check of its URL to the delivery', () => {
    expect(read({}, { TINYLLM_HUB: '' }).hub).to.equal(undefined);
    expect(read({}, { TINYLLM_HUB: 'nowhere' }).hub).to.equal('nowhere');
  });

  const refused: readonly (readonly [values: Record<string, unknown>, message: string])[] = [
    [{ linger: '3' }, '--linger works only with a metrics server; add --metrics-port.'],
    [{ 'metrics-host': '::1' }, '--metrics-host works only with a metrics server; add --metrics-port.'],
    [{ 'web-config-file': 'web.yml' }, '--web-config-file works only with a metrics server; add --metrics-port.'],
    [{ 'no-page': true }, '--no-page works only with a metrics server; add --metrics-port.'],
    [
      { 'default-metrics': true },
      'has no effect if no metrics are exported; add --metrics-port, --push or --metrics-file.',
    ],
    [
      { buckets: 'tinyllm_request_latency_seconds=1' },
      '--buckets has no effect if no metrics are exported; add --metrics-port, --push or --metrics-file.',
    ],
    [
      { 'native-histograms': '' },
      '--native-histograms has no effect if no metrics are served or pushed; add --metrics-port or --push.',
    ],
    [
      { 'native-histograms': 'on', 'metrics-file': 'run.prom' },
      '--native-histograms has no effect if no metrics are served or pushed; add --metrics-port or --push. A metrics file contains only classic buckets.',
    ],
    [
      { 'native-histograms': 'What is 2+2?', query: [] },
      '--native-histograms got "What is 2+2?"; expected on, off or options such as factor=1.05,max-buckets=320.',
    ],
    [
      { label: 'tenant=acme' },
      '--label has no effect if no metrics are exported; add --metrics-port, --push or --metrics-file.',
    ],
    [
      { queue: 'redis://127.0.0.1', label: ['zone=eu', 'tenant'] },
      '--label got "tenant" without a value; expected NAME=VALUE with --queue, because workers record this value. Write --label tenant=VALUE, or add --metrics-port, --push or --metrics-file.',
    ],
    [{ 'metrics-file': 'a.txt' }, '--metrics-file got "a.txt"; expected a name that ends in .prom'],
    [{ 'metrics-file': '' }, '--metrics-file got an empty value; expected a file whose name ends in .prom.'],
    [{ push: 'foo' }, '--push got "foo"; expected a URL such as http://127.0.0.1:9091.'],
    [{ push: '' }, '--push got an empty value; expected a URL such as http://127.0.0.1:9091.'],
    [
      { provider: 'embeded' },
      '--provider got "embeded"; expected one of embedded, ollama, openai, llama-cpp. Did you mean embedded?',
    ],
    [{ provider: 'x' }, '--provider got "x"; expected one of embedded, ollama, openai, llama-cpp.'],
  ];
  for (const [values, message] of refused) {
    it(`rejects ${JSON.stringify(values)}`, () => {
      expect(() => read(values)).to.throw(UsageError, message);
    });
  }
});
