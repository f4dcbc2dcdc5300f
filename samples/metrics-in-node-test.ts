// Asserts the text of a scrape in a test for Node's test runner.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
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

  it('counts each execution', async () => {
    assert.equal(await new Summarizer().execute('It rained. Then it stopped.'), 'It rained');
    assert.match(await registry.metrics(), /^tinyllm_node_executions_total\{node="summarizer",graph="reports"\} 1$/m);
  });

  it('counts an error under its class and passes it on', async () => {
    await assert.rejects(new Summarizer().execute(''), RangeError);
    const sample = 'tinyllm_node_errors_total{node="summarizer",graph="reports",error_type="RangeError"} 1';
    assert.ok((await registry.metrics()).includes(sample));
  });
});
