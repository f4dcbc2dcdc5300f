import { registry, TrackNode } from '../../lib/core/index.js';

// Overflows the stack in decorated async methods, and prints the metrics as JSON. Node prints errors to standard error,
// because its own rejection handlers run out of stack.

class Deep {
  @TrackNode({ node: 'deep' })
  async run(reached: { depth: number }): Promise<never> {
    reached.depth++;
    return await this.run(reached);
  }
}

const below = (frames: number, work: () => unknown): unknown => (frames === 0 ? work() : below(frames - 1, work));
for (let frames = 0; frames < 10; frames++) {
  await Promise.resolve(below(frames, () => new Deep().run({ depth: 0 }))).catch(() => {});
}
const text = await registry.metrics();
const sampleOf = (name: string) =>
  Number(new RegExp(`^${name}\\{node="deep",graph="default"\\} (.+)$`, 'm').exec(text)?.[1]);
process.stdout.write(
  JSON.stringify({
    executions: sampleOf('tinyllm_node_executions_total'),
    timed: sampleOf('tinyllm_node_execution_duration_seconds_count'),
    active: sampleOf('tinyllm_active_nodes'),
  }),
);
