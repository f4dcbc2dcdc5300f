import type { CorpusCase } from '../corpus-case.js';

const reference = 'https://learn.microsoft.com/azure/ai-services/openai/reference#chat-completions';
const filter = 'https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter';
const streaming = 'https://learn.microsoft.com/azure/ai-services/openai/concepts/content-streaming';

const safe = { filtered: false, severity: 'safe' };
const results = { hate: safe, self_harm: safe, sexual: safe, violence: safe };
const violent = { ...results, violence: { filtered: true, severity: 'medium' } };
const prompts = [{ prompt_index: 0, content_filter_results: { ...results, jailbreak: { filtered: false } } }];

/** The first chunk: the results of the prompt filter, with empty fields and no choices. */
const promptResults = {
  choices: [],
  created: 0,
  id: '',
  model: '',
  object: '',
  prompt_filter_results: prompts,
};

const chunk = (choices: readonly object[], more: object = {}) => ({
  choices,
  created: 1764201020,
  id: 'chatcmpl-AzB71',
  model: 'gpt-4o-2024-11-20',
  object: 'chat.completion.chunk',
  system_fingerprint: 'fp_b705f0c291',
  ...more,
});

const choice = (delta: object, finishReason: string | null = null, filtered: object = results) => ({
  content_filter_results: filtered,
  delta,
  finish_reason: finishReason,
  index: 0,
  logprobs: null,
});

const annotation = (start: number, end: number) => ({
  content_filter_offsets: { check_offset: start, start_offset: start, end_offset: end },
  content_filter_results: results,
  finish_reason: null,
  index: 0,
});

const role = { content: '', refusal: null, role: 'assistant' };

/** Responses of Azure OpenAI. */
export const azure: readonly CorpusCase[] = [
  {
    name: 'whole, with results of both filters',
    source: reference,
    api: 'openai-chat',
    whole: {
      choices: [
        {
          content_filter_results: results,
          finish_reason: 'stop',
          index: 0,
          logprobs: null,
          message: { annotations: [], content: 'The museum opens at ten.', refusal: null, role: 'assistant' },
        },
      ],
      created: 1764201001,
      id: 'chatcmpl-AzA02',
      model: 'gpt-4o-2024-11-20',
      object: 'chat.completion',
      prompt_filter_results: prompts,
      system_fingerprint: 'fp_b705f0c291',
      usage: {
        completion_tokens: 7,
        completion_tokens_details: { accepted_prediction_tokens: 0, audio_tokens: 0, reasoning_tokens: 0 },
        prompt_tokens: 1508,
        prompt_tokens_details: { audio_tokens: 0, cached_tokens: 1408 },
        total_tokens: 1515,
      },
    },
    expected: { input: 1508, output: 7, cachedInput: 1408, reasoningOutput: 0, finishReason: 'stop' },
  },
  {
    name: 'whole, content filter stops the answer',
    source: filter,
    api: 'openai-chat',
    whole: {
      choices: [
        {
          content_filter_results: violent,
          finish_reason: 'content_filter',
          index: 0,
          message: { role: 'assistant' },
        },
      ],
      created: 1764201003,
      id: 'chatcmpl-AzA03',
      model: 'gpt-4o-2024-11-20',
      object: 'chat.completion',
      prompt_filter_results: prompts,
      usage: { completion_tokens: 39, prompt_tokens: 22, total_tokens: 61 },
    },
    expected: { input: 22, output: 39, finishReason: 'other' },
  },
  {
    name: 'streamed, prompt filter results without choices first, usage in the last chunk',
    source: filter,
    api: 'openai-chat',
    chunks: [
      promptResults,
      chunk([choice(role)], { usage: null }),
      chunk([choice({ content: 'The museum' })], { usage: null }),
      chunk([choice({ content: ' is closed.' })], { usage: null }),
      chunk([choice({}, 'stop', {})], { usage: null }),
      chunk([], { usage: { completion_tokens: 6, prompt_tokens: 25, total_tokens: 31 } }),
    ],
    expected: { input: 25, output: 6, finishReason: 'stop', firstOutput: 2, lastChunk: 4 },
  },
  {
    name: 'streamed, content filter stops the answer, without usage',
    source: filter,
    api: 'openai-chat',
    chunks: [
      promptResults,
      chunk([choice(role)]),
      chunk([choice({ content: 'He drew' })]),
      chunk([choice({}, 'content_filter', violent)]),
    ],
    expected: { finishReason: 'other', firstOutput: 2, lastChunk: 3 },
  },
  {
    name: 'streamed, asynchronous filter with annotations without a delta, one after the end',
    source: streaming,
    api: 'openai-chat',
    chunks: [
      promptResults,
      chunk([{ delta: { role: 'assistant' }, finish_reason: null, index: 0 }]),
      chunk([annotation(44, 44)]),
      chunk([{ delta: { content: 'Ten' }, finish_reason: null, index: 0 }]),
      chunk([{ delta: { content: " o'clock." }, finish_reason: null, index: 0 }]),
      chunk([{ delta: {}, finish_reason: 'stop', index: 0 }]),
      chunk([annotation(44, 57)]),
    ],
    expected: { finishReason: 'stop', firstOutput: 3, lastChunk: 5 },
  },
  {
    name: 'streamed, tool call',
    source: reference,
    api: 'openai-chat',
    chunks: [
      promptResults,
      chunk([
        choice({
          content: null,
          role: 'assistant',
          tool_calls: [
            { function: { arguments: '', name: 'opening_hours' }, id: 'call_Az1', index: 0, type: 'function' },
          ],
        }),
      ]),
      chunk([choice({ tool_calls: [{ function: { arguments: '{"day":"Mon"}' }, index: 0 }] })]),
      chunk([choice({}, 'tool_calls', {})]),
    ],
    expected: { finishReason: 'tool_calls', firstOutput: 1, lastChunk: 3 },
  },
  {
    name: '400, content filter refuses the prompt',
    source: filter,
    api: 'openai-chat',
    status: 400,
    whole: {
      error: {
        message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        type: null,
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: violent },
      },
    },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '401, error of the gateway with a code that is a string',
    source: reference,
    api: 'openai-chat',
    status: 401,
    whole: { error: { code: '401', message: 'Access denied due to invalid subscription key or wrong API endpoint.' } },
    expected: { finishReason: 'error', error: 'ModelAccessError' },
  },
  {
    name: '429, without an error object',
    source: reference,
    api: 'openai-chat',
    status: 429,
    whole: { statusCode: 429, message: 'Rate limit is exceeded. Try again in 12 seconds.' },
    expected: { finishReason: 'error', error: 'ModelRateLimitError' },
  },
  {
    name: '404, unknown deployment, the message does not name a model',
    source: 'https://learn.microsoft.com/azure/ai-services/openai/how-to/create-resource',
    api: 'openai-chat',
    status: 404,
    whole: {
      error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' },
    },
    expected: { finishReason: 'error', error: 'ModelNotFoundError' },
  },
];
