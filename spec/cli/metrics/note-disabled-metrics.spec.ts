import { expect } from 'chai';
import { noteDisabledMetrics } from '../../../cli/metrics/note-disabled-metrics.js';
import { captureOutput } from '../../support/captured-output.js';
import { withMetricsVariable } from '../../support/metrics-variable.js';

describe('noteDisabledMetrics', () => {
  const note = (value: string | undefined): string => {
    const { output, stdout, stderr } = captureOutput();
    withMetricsVariable(value, () => noteDisabledMetrics({ output }));
    expect(stdout.text).to.equal('');
    return stderr.text;
  };

  it('prints one line on stderr if the metrics are off', () => {
    expect(note('off')).to.equal('TINYLLM_METRICS=off disables the metrics of this process\n');
    expect(note(' OFF')).to.have.length.above(0);
  });

  it('prints nothing if the metrics are on', () => {
    for (const value of [undefined, '', 'on', 'of']) expect(note(value)).to.equal('');
  });
});
