import type { CorpusCase } from '../corpus-case.js';

const source = 'https://github.com/LostRuins/koboldcpp/blob/concedo/koboldcpp.py';
const gaps = 'https://github.com/LostRuins/koboldcpp/issues/2481';

const chunk = (choices: readonly object[], more: object = {}) => ({
  id: 'koboldcpp',
  object: 'chat.completion.chunk',
  created: 1764206000,
  model: 'koboldcpp/Mistral-Nemo-12B-Q5_K_M',
  choices,
  ...more,
});

const choice = (delta: object, finishReason: string | null) => ({ index: 0, finish_reason: finishReason, delta });

const text = (content: string, finishReason: string | null) =>
  chunk([choice({ role: 'assistant', content }, finishReason)]);

const completion = (message: object, finishReason: string | null, usage?: object) => ({
  id: 'chatcmpl-A1',
  object: 'chat.completion',
  created: 1764206001,
  model: 'koboldcpp/Mistral-Nemo-12B-Q5_K_M',
  ...(usage && { usage }),
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason, logprobs: null }],
});

/** Responses of KoboldCpp's OpenAI-compatible server. */
export const koboldcpp: readonly CorpusCase[] = [
  {
    name: 'whole, an empty list of tool calls',
    source,
    api: 'openai-chat',
    whole: completion({ content: 'The dragon sleeps.', tool_calls: [] }, 'stop', {
      prompt_tokens: 301,
      completion_tokens: 6,
      total_tokens: 307,
    }),
    expected: { input: 301, output: 6, finishReason: 'stop' },
  },
  {
    name: 'whole, without usage',
    source: 'https://github.com/LostRuins/koboldcpp/issues/603',
    api: 'openai-chat',
    whole: completion({ content: 'The dragon' }, 'length'),
    expected: { finishReason: 'length' },
  },
  {
    name: 'whole, tool call',
    source,
    api: 'openai-chat',
    whole: completion(
      {
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'roll_dice', arguments: '{"sides": 20}' } }],
      },
      'tool_calls',
      { prompt_tokens: 415, completion_tokens: 22, total_tokens: 437 },
    ),
    expected: { input: 415, output: 22, finishReason: 'tool_calls' },
  },
  {
    name: 'streamed, the text "null" as finish reason before the last chunk, no usage',
    source: 'https://github.com/PowerShell/AIShell/issues/350',
    api: 'openai-chat',
    chunks: [text('The', 'null'), text(' dragon', 'null'), text(' sleeps.', 'null'), text('', 'stop')],
    expected: { finishReason: 'stop', firstOutput: 0, lastChunk: 3 },
  },
  {
    name: 'streamed, an empty finish reason before the last chunk, no usage',
    source: 'https://github.com/qualcomm/GenieX/pull/1246',
    api: 'openai-chat',
    chunks: [text('', ''), text('The', ''), text(' dragon', ''), text('', 'length')],
    expected: { finishReason: 'length', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: 'streamed, null finish reasons, usage in the last chunk',
    source,
    api: 'openai-chat',
    chunks: [
      text('The', null),
      text(' dragon', null),
      text('', 'stop'),
      chunk([], { usage: { prompt_tokens: 310, completion_tokens: 3, total_tokens: 313 } }),
    ],
    expected: { input: 310, output: 3, finishReason: 'stop', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'streamed, the whole tool call in one chunk, no usage',
    source: 'https://github.com/LostRuins/koboldcpp/issues/2480',
    api: 'openai-chat',
    chunks: [
      chunk([
        choice(
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              { index: 0, id: 'call_7', type: 'function', function: { name: 'roll_dice', arguments: '{"sides":6}' } },
            ],
          },
          null,
        ),
      ]),
      chunk([choice({}, 'tool_calls')]),
    ],
    expected: { finishReason: 'tool_calls', firstOutput: 0, lastChunk: 1 },
  },
  {
    name: 'streamed, [DONE] without a finish reason',
    source,
    api: 'openai-chat',
    chunks: [text('The', 'null'), text(' dragon', 'null')],
    expected: { finishReason: 'stop', firstOutput: 0 },
  },
  {
    name: 'streamed completion, the text "null" as finish reason',
    source,
    api: 'openai-completions',
    chunks: [
      ['Once', 'null'],
      [' upon', 'null'],
      ['', 'stop'],
    ].map(([value, finishReason]) => ({
      id: 'koboldcpp',
      object: 'text_completion',
      created: 1764206005,
      model: 'koboldcpp/Mistral-Nemo-12B-Q5_K_M',
      choices: [{ index: 0, finish_reason: finishReason, text: value }],
    })),
    expected: { finishReason: 'stop', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'whole, a failed generation with status 200',
    source: gaps,
    api: 'openai-chat',
    whole: completion({ content: '' }, 'error'),
    expected: { finishReason: 'error', error: 'ModelServerError' },
  },
  {
    name: '401, the error under `detail`',
    source,
    api: 'openai-chat',
    status: 401,
    whole: {
      detail: { error: 'Unauthorized', msg: 'Authentication key is missing or invalid.', type: 'unauthorized' },
    },
    expected: { finishReason: 'error', error: 'ModelAccessError' },
  },
  {
    name: '503, busy, the error under `detail`',
    source: gaps,
    api: 'openai-chat',
    status: 503,
    whole: { detail: { msg: 'Server is busy; please try again later.', type: 'service_unavailable' } },
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
];
