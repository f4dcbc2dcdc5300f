import { expect } from 'chai';
import { Given } from '../../../cli/command/given.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { type RunCommandOptions, readRunOptions } from '../../../cli/flags/run-options.js';

describe('readRunOptions', () => {
  const read = (values: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}): RunCommandOptions =>
    readRunOptions(new Given('run', { _: ['run'], query: ['2+2'], ...values }), environment);

  it('takes default metrics wherever metrics go', () => {
    const ways = [{ 'metrics-port': '0' }, { push: 'http://127.0.0.1:9091' }, { 'metrics-file': 'a.prom' }];
    for (const way of ways) expect(read({ 'default-metrics': true, ...way }).defaultMetrics).to.equal(true);
    const hub = { TINYLLM_HUB: 'http://127.0.0.1:9090' };
    expect(read({ 'default-metrics': true }, hub).defaultMetrics).to.equal(true);
  });

  it('takes an empty TINYLLM_HUB for none, and leaves a bad one for the end of the run', () => {
    expect(read({}, { TINYLLM_HUB: '' }).hub).to.equal(undefined);
    expect(read({}, { TINYLLM_HUB: 'nowhere' }).hub).to.equal('nowhere');
  });

  const refused: readonly (readonly [values: Record<string, unknown>, message: string])[] = [
    [{ linger: '3' }, '--linger is for the metrics server; expected --metrics-port as well.'],
    [{ 'metrics-host': '::1' }, '--metrics-host is for the metrics server; expected --metrics-port as well.'],
    [{ 'web-config-file': 'web.yml' }, '--web-config-file is for the metrics server; expected --metrics-port as well.'],
    [{ 'no-page': true }, '--no-page is for the metrics server; expected --metrics-port as well.'],
    [{ 'default-metrics': true }, 'go nowhere; expected --metrics-port, --push or --metrics-file as well.'],
    [{ 'metrics-file': 'a.txt' }, '--metrics-file got "a.txt"; expected a name that ends in .prom'],
    [{ 'metrics-file': '' }, '--metrics-file got nothing; expected a file whose name ends in .prom.'],
    [{ push: 'foo' }, '--push got "foo"; expected a URL such as http://127.0.0.1:9091.'],
    [{ push: '' }, '--push got nothing; expected a URL such as http://127.0.0.1:9091.'],
    [
      { provider: 'embeded' },
      '--provider got "embeded"; expected one of embedded, ollama, openai, llama-cpp. Did you mean embedded?',
    ],
    [{ provider: 'x' }, '--provider got "x"; expected one of embedded, ollama, openai, llama-cpp.'],
  ];
  for (const [values, message] of refused) {
    it(`refuses ${JSON.stringify(values)}`, () => {
      expect(() => read(values)).to.throw(UsageError, message);
    });
  }
});
