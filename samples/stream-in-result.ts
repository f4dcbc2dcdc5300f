// A method returns an object that contains its stream. The option `stream` names the stream to measure.
import { registry, TrackRequest } from 'tinyllm';

async function* generate() {
  yield { text: 'It is ' };
  yield { text: 'sunny.' };
  yield { text: '', usage: { inputTokens: 5, outputTokens: 3 } };
}

class Assistant {
  @TrackRequest({ model: 'weather-1', graph: 'weather', requestType: 'stream', stream: (result) => result.answer })
  async ask(question: string) {
    return { id: 'answer-1', question, answer: generate() };
  }
}

const { id, answer } = await new Assistant().ask('How is the weather?');
let text = '';
for await (const piece of answer) text += piece.text;
console.log(`${id}: ${text}`);

const wanted = [
  'tinyllm_request_latency_seconds_count',
  'tinyllm_time_to_first_token_seconds_count',
  'tinyllm_tokens_output_total',
  'tinyllm_active_requests',
];
for (const line of (await registry.metrics()).split('\n')) {
  if (wanted.some((name) => line.startsWith(`${name}{`))) console.log(line);
}
