// Asserts the text of a scrape in a mocha test.
import assert from 'node:assert/strict';
import { registry, TrackNode } from 'tinyllm';

class Summarizer {
  readonly id = 'summarizer';

  @TrackNode({ graph: 'reports' })
  async execute(text: string) {
    if (text === '') throw new RangeError('nothing to summarize');
    return text.split('. ')[0];
  }
}

describe('Summarizer', () => {
  beforeEach(() => {
    registry.resetMetrics();
  });

  it('counts and times each execution', async () => {
    assert.equal(await new Summarizer().execute('It rained. Then it stopped.'), 'It rained');
    const text = await registry.metrics();
    assert.match(text, /^tinyllm_node_executions_total\{node="summarizer",graph="reports"\} 1$/m);
    assert.match(text, /^tinyllm_node_execution_duration_seconds_count\{node="summarizer",graph="reports"\} 1$/m);
  });

  it('counts an error under its class and passes it on', async () => {
    await assert.rejects(new Summarizer().execute(''), RangeError);
    const sample = 'tinyllm_node_errors_total{node="summarizer",graph="reports",error_type="RangeError"} 1';
    assert.ok((await registry.metrics()).includes(sample));
  });
});
