// A streamed answer is timed to its last chunk. A separate metric records the time to its first chunk.
import { setTimeout as sleep } from 'node:timers/promises';
import { registry, TrackRequest } from 'tinyllm';

class Storyteller {
  @TrackRequest({ model: 'storyteller', graph: 'stories', requestType: 'stream' })
  async *tell() {
    for (const text of ['Once ', 'upon ', 'a ', 'time.']) {
      await sleep(10);
      yield { text };
    }
    yield { text: '', usage: { inputTokens: 3, outputTokens: 4 } };
  }
}

let story = '';
for await (const { text } of new Storyteller().tell()) story += text;
console.log(story);

const wanted = [
  'tinyllm_request_latency_seconds_count',
  'tinyllm_time_to_first_token_seconds_count',
  'tinyllm_tokens_output_total',
  'tinyllm_active_requests',
];
for (const line of (await registry.metrics()).split('\n')) {
  if (wanted.some((name) => line.startsWith(`${name}{`))) console.log(line);
}
