import { registry, TrackRequest } from '../../lib/core/index.js';
import { inSpan, sampledSpan, startTracing } from './tracing.js';

// Overflows the stack in decorated methods that run in a sampled span, and prints what the metrics say.

const failure = new TypeError('no');

class Deep {
  @TrackRequest({ model: 'deep' })
  run(reached: { depth: number }): unknown {
    reached.depth++;
    try {
      return this.run(reached);
    } catch {
      throw failure;
    }
  }
}

const below = (frames: number, work: () => unknown): unknown => (frames === 0 ? work() : below(frames - 1, work));
startTracing();
for (let frames = 0; frames < 10; frames++) {
  try {
    inSpan(sampledSpan, () => below(frames, () => new Deep().run({ depth: 0 })));
  } catch {}
}
const text = await registry.metrics();
const sampleOf = (name: string) => Number(new RegExp(`^${name}\\{model="deep".*\\} (.+)$`, 'm').exec(text)?.[1]);
process.stdout.write(
  JSON.stringify({
    requests: sampleOf('tinyllm_requests_total'),
    timed: sampleOf('tinyllm_request_latency_seconds_count'),
    active: sampleOf('tinyllm_active_requests'),
  }),
);
