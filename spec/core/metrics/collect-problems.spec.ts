import { expect } from 'chai';
import { CollectProblems } from '../../../lib/core/metrics/collect-problems.js';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { updateMetrics } from '../../../lib/core/metrics/update-metrics.js';

describe('CollectProblems', () => {
  it('reports a failure once, until the function succeeds or fails in another way', () => {
    const problems = new CollectProblems();
    const messages: string[] = [];
    const stop = problems.follow(({ message }) => messages.push(message));
    for (const reason of ['down', 'down', 'late']) problems.failed('jobs', new Error(reason));
    problems.succeeded('jobs');
    problems.failed('jobs', 'late');
    stop();
    problems.failed('jobs', 'other');
    expect(messages).to.deep.equal(
      ['down', 'late', 'late'].map(
        (reason) => `collect of the metric jobs failed: ${reason}. Scrapes contain the last values of the metric.`,
      ),
    );
  });

  it('names metrics whose `collect` throws, rejects or takes too long', async () => {
    const registry = new SharedRegistry();
    const messages: string[] = [];
    registry.collectProblems.follow(({ message }) => messages.push(message.split('. ')[0]!));
    const create = (name: string, collect: () => void | Promise<void>) =>
      new Gauge({ name, help: 'A.', registers: [registry], collect });
    create('throws', () => {
      throw new Error('no database');
    });
    create('rejects', () => Promise.reject(new TypeError('no file')));
    create('hangs', () => new Promise(() => {}));
    create('works', () => {});
    for (let scrape = 0; scrape < 2; scrape++) await updateMetrics(registry, { milliseconds: 5 });
    expect(messages).to.deep.equal([
      'collect of the metric throws failed: no database',
      'collect of the metric rejects failed: no file',
      'collect of the metric hangs failed: it takes too long',
    ]);
  });
});
