import { expect } from 'chai';
import { type EpisodeKind, episodesOf } from '../../../../cli/commands/demo/episodes.js';
import { Simulation } from '../../../../cli/commands/demo/simulation.js';
import type { PlannedRequest } from '../../../../cli/commands/demo/traffic.js';
import { registry } from '../../../../lib/core/metrics/shared-registry.js';
import { sampleValue } from '../../../support/parse-text.js';
import { registryText } from '../../../support/registry-text.js';

const request: PlannedRequest = {
  at: 0,
  question: 'Write a Rust function.',
  priority: 'normal',
  session: undefined,
  isStreamed: false,
  patienceSeconds: undefined,
  answer: { inputTokens: 9, outputTokens: 4, firstTokenSeconds: 0, secondsPerToken: 0, failureDraw: 0.1 },
};

describe('Simulation', () => {
  const openAmid = (kind: EpisodeKind) => {
    const { from = 0 } = episodesOf(1, 0).find((episode) => episode.kind === kind) ?? {};
    return Simulation.open({ seed: 1, rate: 5, clock: () => from + 1 });
  };

  it('opens the circuit breaker in an outage, and uses the fallback model', async () => {
    const simulation = await openAmid('outage');
    const questions = Array.from({ length: 8 }, (_, index) => `Write a Rust function number ${index}.`);
    await Promise.all(questions.map((question) => simulation.ask({ ...request, question })));
    await simulation.close(1);
    expect(simulation.outcomes).to.deep.equal({ answered: 8, failed: 0, rejected: 0, cancelled: 0 });
    const text = registryText(registry);
    expect(text).to.match(/^tinyllm_circuit_breaker_state\{model="simulated-large"\} 2$/m);
    expect(text).to.match(/^tinyllm_fallbacks_total\{requested_model="simulated-large",.*\} [1-9]/m);
    expect(text).to.match(/^tinyllm_retries_total\{model="simulated-large",.*\} [1-9]/m);
  });

  it('stores conversations, and restarts the server of a failed model', async () => {
    const simulation = await openAmid('slow');
    // Other tests in this process may have changed the counters, too.
    const counts = (): readonly number[] => {
      const text = registryText(registry);
      return [
        sampleValue(text, 'tinyllm_memory_operations_total', { operation_type: 'load' }) ?? 0,
        sampleValue(text, 'tinyllm_memory_operations_total', { operation_type: 'append' }) ?? 0,
        sampleValue(text, 'tinyllm_model_load_duration_seconds_count', { model: 'simulated-small' }) ?? 0,
      ];
    };
    const before = counts();
    const [session, question] = ['visitor-1', 'Write a SQL function.'];
    await simulation.ask({ ...request, question, session });
    await simulation.ask({ ...request, question, session });
    await simulation.restartAfter('errors', AbortSignal.timeout(5000));
    await simulation.restartAfter('slow', AbortSignal.timeout(5000));
    await simulation.close(1);
    expect(simulation.outcomes.answered).to.equal(2);
    expect(counts().map((count, place) => count - before[place]!)).to.deep.equal([2, 2, 1]);
  });

  it('rejects requests if its queue is full, and counts cancelled requests', async () => {
    const simulation = await openAmid('burst');
    const slow = {
      ...request,
      answer: { ...request.answer, firstTokenSeconds: 60, failureDraw: 0.5 },
      patienceSeconds: 0.2,
    };
    const requests = Array.from({ length: 40 }, (_, index) => ({
      ...slow,
      question: `Write a Rust function, ${index}.`,
    }));
    await Promise.all(requests.map((one) => simulation.ask(one)));
    await simulation.close(0);
    const { cancelled, rejected, answered } = simulation.outcomes;
    expect(cancelled).to.be.greaterThan(0);
    expect(rejected).to.be.greaterThan(0);
    expect([cancelled + rejected, answered]).to.deep.equal([40, 0]);
  });
});
