import { expect } from 'chai';
import { UsageError } from '../../../../cli/errors/usage-error.js';
import { readProgram } from '../../../../cli/program/program.js';

describe('the arguments of tinyllm monitoring export', () => {
  const read = (...args: readonly string[]) => readProgram(['monitoring', 'export', ...args]);

  it('are a folder and optional settings', () => {
    expect(read('--dir', 'd').kind).to.equal('command');
    const names = ['--datasource', 'Main Prometheus', '--job', 'llm/a-b', '--target', 'a:1', '--target', '[::1]:2'];
    const objectives = ['--availability', '99.95', '--latency-seconds', '2.5', '--latency-share', '90'];
    const labels = ['--label', 'tenant', '--label', 'provider'];
    const runbook = ['--runbook-url', 'https://a.example/wiki/runbook?as=page'];
    const native = ['--native-histograms', '--latency-seconds', '7.25'];
    expect(read('--dir', 'd', ...native).kind).to.equal('command');
    for (const on of ['on', 'true', 'On']) {
      expect(read('--dir', 'd', `--native-histograms=${on}`, '--latency-seconds', '7.25').kind).to.equal('command');
    }
    for (const off of ['off', 'false']) expect(read('--dir', 'd', '--native-histograms', off).kind).to.equal('command');
    expect(read('--dir', 'd', '--force', ...names, ...objectives, ...runbook, ...labels).kind).to.equal('command');
  });

  const refused: readonly (readonly [readonly string[], string])[] = [
    [[], 'monitoring export got no --dir; expected the folder to write to.'],
    [['--dir', 'd', '--job', 'a"b'], '--job got "a\\"b"; expected letters, digits'],
    [['--dir', 'd', '--target', 'http://a:1'], '--target got "http://a:1"; expected HOST:PORT'],
    [['--dir', 'd', '--target', 'a:65536'], '--target got "a:65536"; expected HOST:PORT'],
    [['--dir', 'd', '--target', 'a:0'], '--target got "a:0"; expected HOST:PORT'],
    [['--dir', 'd', '--label', ''], '--label got an empty value; expected the name of a label, such as tenant.'],
    [['--dir', 'd', '--label', 'a-b'], '--label contains "a-b"; expected letters, digits and _, not starting with'],
    [['--dir', 'd', '--label', '__name'], '--label contains "__name"; expected letters, digits and _'],
    [
      ['--dir', 'd', '--label', 'tenant=acme'],
      '--label contains "tenant=acme"; expected only the name, so omit "=acme".',
    ],
    [['--dir', 'd', '--label', 'job'], '--label contains "job", which Prometheus sets itself; choose another name.'],
    [
      ['--dir', 'd', '--label', 'model'],
      '--label contains "model", which is a label of tinyllm_requests_total; choose another name.',
    ],
    [['--dir', 'd', '--label', 'a', '--label', 'a'], '--label contains "a" twice; remove one of them.'],
    [['--dir', 'd', '--runbook-url', 'runbook.md'], '--runbook-url got "runbook.md"; expected an http:// or https://'],
    [['--dir', 'd', '--runbook-url', 'http://a/{{ b }}'], '--runbook-url got "http://a/{{ b }}"; expected'],
    [['--dir', 'd', '--runbook-url', 'http://a/b#c'], '--runbook-url got "http://a/b#***"; expected'],
    [['--dir', 'd', '--availability', '1'], '--availability got "1"; expected a percentage from 90 to 99.999'],
    [['--dir', 'd', '--latency-share', '100'], '--latency-share got "100"; expected a percentage from 90'],
    [
      ['--dir', 'd', '--latency-seconds', '7'],
      '--latency-seconds got 7; expected a bucket bound of the latency histogram',
    ],
    [
      ['--dir', 'd', '--native-histograms=off', '--latency-seconds', '7'],
      '--latency-seconds got 7; expected a bucket bound of the latency histogram',
    ],
    [
      ['--dir', 'd', '--native-histograms', 'factor=1.05'],
      '--native-histograms got "factor=1.05"; expected no value, on or off.',
    ],
    [['--dir', 'd', '--latency-seconds', '7'], 'With --native-histograms, any duration is possible.'],
    [
      ['--dir', 'd', '--native-histograms', '--latency-seconds', '0'],
      '--latency-seconds got 0; expected more than 0 seconds, such as 2.5.',
    ],
  ];
  for (const [args, message] of refused) {
    it(`cannot be ${args.join(' ') || 'empty'}`, () => {
      expect(() => read(...args)).to.throw(UsageError, message);
    });
  }
});
