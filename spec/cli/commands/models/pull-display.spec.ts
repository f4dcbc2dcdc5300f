import { expect } from 'chai';
import { PullDisplay } from '../../../../cli/commands/models/pull-display.js';
import type { PullProgress } from '../../../../lib/executor/models/ollama/pull-progress.js';
import { captureOutput } from '../../../support/captured-output.js';

const layer = (completedBytes: number): PullProgress => ({
  status: 'pulling abc',
  digest: 'sha256:abc',
  totalBytes: 1000,
  completedBytes,
});
const pull = [
  { status: 'pulling manifest' },
  ...[0, 1, 99, 100, 550, 1000, 1000].map(layer),
  { status: 'verifying sha256 digest' },
  { status: 'success' },
];

describe('PullDisplay', () => {
  it('prints each step once, and each tenth of a layer, without a terminal', async () => {
    const { output, stdout, stderr } = captureOutput();
    const display = await PullDisplay.start(output);
    for (const progress of pull) display.show(progress);
    display.end();
    expect(stdout.text).to.equal('');
    expect(stderr.text.trimEnd().split('\n')).to.deep.equal([
      'pulling manifest',
      ...[0, 10, 50, 100].map((part) => `pulling abc: ${part}% of 1 kB`),
      'verifying sha256 digest',
      'success',
    ]);
  });

  it('draws a bar on a terminal, and shows the cursor at the end', async () => {
    const { output, stderr } = captureOutput({ isTTY: true });
    const display = await PullDisplay.start(output);
    for (const progress of pull.slice(0, 6)) display.show(progress);
    expect(stderr.text).to.include('pulling manifest\n').and.to.include('pulling abc\n');
    expect(stderr.text).to.match(/[=-]{10,} \d+% of 1 kB/);
    display.end();
    display.end();
    // Escape sequences that show the cursor and enable line wrapping.
    expect(stderr.text.lastIndexOf('[?25h')).to.be.greaterThanOrEqual(stderr.text.lastIndexOf('[?25l'));
    expect(stderr.text.lastIndexOf('[?7h')).to.be.greaterThan(stderr.text.lastIndexOf('[?7l'));
  });
});
