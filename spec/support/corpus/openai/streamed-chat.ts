import type { CorpusCase } from '../corpus-case.js';
import { eventStream } from '../event-stream.js';

const source = 'https://platform.openai.com/docs/api-reference/chat-streaming';

const chunk = (choices: readonly object[], more: object = {}) => ({
  id: 'chatcmpl-CkStream41z',
  object: 'chat.completion.chunk',
  created: 1764200204,
  model: 'gpt-4.1-mini-2025-04-14',
  service_tier: 'default',
  system_fingerprint: 'fp_51db84afab',
  choices,
  ...more,
});

const choice = (delta: object, finishReason: string | null = null, index = 0) => ({
  index,
  delta,
  logprobs: null,
  finish_reason: finishReason,
});

const role = { role: 'assistant', content: '', refusal: null };

const withoutUsage = [chunk([choice(role)]), chunk([choice({ content: 'Done.' })]), chunk([choice({}, 'stop')])];

const toolCall = (call: object) => ({ tool_calls: [call] });

/** Streamed responses of OpenAI's chat completions API. */
export const streamedChat: readonly CorpusCase[] = [
  {
    name: 'streamed, usage in the last chunk, `usage: null` before it',
    source,
    api: 'openai-chat',
    chunks: [
      chunk([choice(role)], { usage: null, obfuscation: 'k2Jd' }),
      chunk([choice({ content: 'Lisbon' })], { usage: null, obfuscation: 'a1' }),
      chunk([choice({ content: ' is hilly.' })], { usage: null, obfuscation: '' }),
      chunk([choice({}, 'stop')], { usage: null, obfuscation: 'Zp8fQ' }),
      chunk([], {
        usage: {
          prompt_tokens: 1187,
          completion_tokens: 92,
          total_tokens: 1279,
          prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 64, audio_tokens: 0 },
        },
        obfuscation: 'x',
      }),
    ],
    expected: {
      input: 1187,
      output: 92,
      cachedInput: 1024,
      reasoningOutput: 64,
      finishReason: 'stop',
      firstOutput: 1,
      lastChunk: 3,
    },
  },
  {
    name: 'streamed, without usage',
    source,
    api: 'openai-chat',
    chunks: withoutUsage,
    expected: { finishReason: 'stop', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, lines end with CR LF',
    source: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream',
    api: 'openai-chat',
    chunks: withoutUsage,
    body: eventStream([...withoutUsage, 'data: [DONE]'], '\r\n'),
    expected: { finishReason: 'stop', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, no space after `data:`, other fields in the events',
    source: 'https://github.com/openai/openai-python/issues/498',
    api: 'openai-chat',
    chunks: withoutUsage,
    body: `${withoutUsage.map((value, index) => `id:${index}\ndata:${JSON.stringify(value)}\nretry:0\n\n`).join('')}data:[DONE]\n\n`,
    expected: { finishReason: 'stop', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, labelled as application/json',
    source,
    api: 'openai-chat',
    contentType: 'application/json',
    chunks: withoutUsage,
    expected: { finishReason: 'stop', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed, two parallel tool calls',
    source: 'https://platform.openai.com/docs/guides/function-calling#streaming',
    api: 'openai-chat',
    chunks: [
      chunk([choice({ role: 'assistant', content: null, refusal: null })]),
      chunk([
        choice(toolCall({ index: 0, id: 'call_P1', type: 'function', function: { name: 'get_tide', arguments: '' } })),
      ]),
      chunk([choice(toolCall({ index: 0, function: { arguments: '{"port":"Porto"}' } }))]),
      chunk([
        choice(toolCall({ index: 1, id: 'call_P2', type: 'function', function: { name: 'get_tide', arguments: '' } })),
      ]),
      chunk([choice(toolCall({ index: 1, function: { arguments: '{"port":"Faro"}' } }))]),
      chunk([choice({}, 'tool_calls')]),
      chunk([], { usage: { prompt_tokens: 84, completion_tokens: 47, total_tokens: 131 } }),
    ],
    expected: { input: 84, output: 47, finishReason: 'tool_calls', firstOutput: 1, lastChunk: 5 },
  },
  {
    name: 'streamed, n: 2 with interleaved choices that end in different chunks',
    source,
    api: 'openai-chat',
    chunks: [
      chunk([choice(role, null, 0)]),
      chunk([choice(role, null, 1)]),
      chunk([choice({ content: 'Tails' }, null, 1)]),
      chunk([choice({ content: 'Heads' }, null, 0)]),
      chunk([choice({}, 'stop', 1)]),
      chunk([choice({ content: ', again.' }, null, 0)]),
      chunk([choice({}, 'stop', 0)]),
      chunk([], { usage: { prompt_tokens: 16, completion_tokens: 7, total_tokens: 23 } }),
    ],
    expected: { input: 16, output: 7, finishReason: 'stop', firstOutput: 2, lastChunk: 6 },
  },
  {
    name: 'streamed, refusal',
    source: 'https://platform.openai.com/docs/guides/structured-outputs#refusals',
    api: 'openai-chat',
    chunks: [
      chunk([choice(role)]),
      chunk([choice({ refusal: "I can't" })]),
      chunk([choice({ refusal: ' assist with that.' })]),
      chunk([choice({}, 'stop')]),
      chunk([], { usage: { prompt_tokens: 79, completion_tokens: 12, total_tokens: 91 } }),
    ],
    expected: { input: 79, output: 12, finishReason: 'stop', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, audio',
    source: 'https://platform.openai.com/docs/guides/audio',
    api: 'openai-chat',
    chunks: [
      chunk([choice({ role: 'assistant', refusal: null })]),
      chunk([choice({ audio: { id: 'audio_6a1', transcript: 'Good' } })]),
      chunk([choice({ audio: { data: 'AAEAAgADAAQA' } })]),
      chunk([choice({ audio: { expires_at: 1764203804 } })]),
      chunk([choice({}, 'stop')]),
      chunk([], {
        usage: {
          prompt_tokens: 26,
          completion_tokens: 55,
          total_tokens: 81,
          prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0, text_tokens: 26, image_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 41, text_tokens: 14 },
        },
      }),
    ],
    expected: {
      input: 26,
      output: 55,
      cachedInput: 0,
      reasoningOutput: 0,
      finishReason: 'stop',
      firstOutput: 1,
      lastChunk: 4,
    },
  },
  {
    name: 'streamed, an error in place of the rest',
    source: 'https://platform.openai.com/docs/guides/error-codes',
    api: 'openai-chat',
    chunks: [
      chunk([choice(role)]),
      chunk([choice({ content: 'Once upon' })]),
      {
        error: {
          message: 'The server had an error while processing your request. Sorry about that!',
          type: 'server_error',
          param: null,
          code: null,
        },
      },
    ],
    doneMark: false,
    expected: { finishReason: 'error', error: 'ModelProtocolError', firstOutput: 1 },
  },
];
