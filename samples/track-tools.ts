// Tracks the tools of an agent: calls, duration, calls in flight, errors by type and cancellations.
import { registry, TrackTool, trackTool } from 'tinyllm';

class Search {
  readonly name = 'search';

  // The default of the label `tool` is this.id, this.name, or the name of the class.
  @TrackTool({ graph: 'assistant' })
  async run(query: string) {
    if (query === '') throw new RangeError('The query is empty.');
    return [`a page about ${query}`];
  }
}

// Tools that return their errors: count them with `isError`. The default of the label is the name of the function.
const calculator = trackTool(
  async function calculator(expression: string) {
    const [, left, right] = /^(\d+) \+ (\d+)$/.exec(expression) ?? [];
    return left === undefined ? { error: `cannot compute ${expression}` } : { value: Number(left) + Number(right) };
  },
  { graph: 'assistant', isError: (result) => 'error' in result, classifyError: () => 'syntax' },
);

console.log(await new Search().run('rain'));
console.log(await calculator('2 + 40'));
console.log(await calculator('2 plus 40'));
await new Search().run('').catch((error: Error) => console.log(error.message));

const text = await registry.metrics();
console.log(
  text
    .split('\n')
    .filter((line) => /^tinyllm_tool_(calls|errors)_total\{|^tinyllm_tool_call_duration_seconds_count\{/.test(line))
    .join('\n'),
);
