import type { CorpusCase } from '../corpus-case.js';

const source = 'https://platform.openai.com/docs/api-reference/responses/object';
const streaming = 'https://platform.openai.com/docs/api-reference/responses-streaming';

const response = (status: string, output: readonly object[], usage: object | null, more: object = {}) => ({
  id: 'resp_0c41f7e2',
  object: 'response',
  created_at: 1764200401,
  status,
  background: false,
  error: null,
  incomplete_details: null,
  model: 'gpt-5-mini-2025-08-07',
  output,
  parallel_tool_calls: true,
  previous_response_id: null,
  tool_choice: 'auto',
  tools: [],
  usage,
  metadata: {},
  ...more,
});

const usage = (input: number, cached: number, output: number, reasoning: number) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
});

const message = (content: readonly object[], status = 'completed') => ({
  id: 'msg_0c41f7e3',
  type: 'message',
  status,
  role: 'assistant',
  content,
});
const text = (value: string) => ({ type: 'output_text', annotations: [], logprobs: [], text: value });
const reasoning = { id: 'rs_0c41f7e1', type: 'reasoning', summary: [] };
const call = (status: string, values: string) => ({
  id: 'fc_0c41f7e4',
  type: 'function_call',
  status,
  arguments: values,
  call_id: 'call_R5',
  name: 'get_tide',
});

const event = (sequence: number, type: string, more: object) => ({ type, sequence_number: sequence, ...more });
const created = [
  event(0, 'response.created', { response: response('in_progress', [], null) }),
  event(1, 'response.in_progress', { response: response('in_progress', [], null) }),
];
const item = { item_id: 'msg_0c41f7e3', output_index: 0, content_index: 0 };
const textStart = [
  event(2, 'response.output_item.added', { output_index: 0, item: message([], 'in_progress') }),
  event(3, 'response.content_part.added', { ...item, part: text('') }),
  event(4, 'response.output_text.delta', { ...item, delta: 'High tide', logprobs: [], obfuscation: 'aB3' }),
];

/** Responses of OpenAI's Responses API. */
export const responses: readonly CorpusCase[] = [
  {
    name: 'whole, reasoning and cached input',
    source,
    api: 'openai-responses',
    whole: response('completed', [reasoning, message([text('At noon.')])], usage(1344, 1152, 203, 192)),
    expected: { input: 1344, output: 203, cachedInput: 1152, reasoningOutput: 192, finishReason: 'stop' },
  },
  {
    name: 'whole, input written to the cache',
    source: 'https://github.com/openai/openai-python/blob/main/src/openai/types/responses/response_usage.py',
    api: 'openai-responses',
    whole: response('completed', [message([text('At six.')])], {
      ...usage(4210, 512, 7, 0),
      input_tokens_details: { cached_tokens: 512, cache_write_tokens: 3584 },
    }),
    expected: { input: 4210, output: 7, cachedInput: 512, cacheWrite: 3584, reasoningOutput: 0, finishReason: 'stop' },
  },
  {
    name: 'whole, function call',
    source,
    api: 'openai-responses',
    whole: response('completed', [call('completed', '{"port":"Faro"}')], usage(97, 0, 24, 0)),
    expected: { input: 97, output: 24, cachedInput: 0, reasoningOutput: 0, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, incomplete because of max_output_tokens',
    source,
    api: 'openai-responses',
    whole: response('incomplete', [reasoning], usage(58, 0, 128, 128), {
      incomplete_details: { reason: 'max_output_tokens' },
    }),
    expected: { input: 58, output: 128, cachedInput: 0, reasoningOutput: 128, finishReason: 'length' },
  },
  {
    name: 'whole, incomplete because of a content filter',
    source,
    api: 'openai-responses',
    whole: response('incomplete', [message([text('The')], 'incomplete')], usage(36, 0, 1, 0), {
      incomplete_details: { reason: 'content_filter' },
    }),
    expected: { input: 36, output: 1, cachedInput: 0, reasoningOutput: 0, finishReason: 'other' },
  },
  {
    name: 'whole, failed, with status 200',
    source,
    api: 'openai-responses',
    whole: response('failed', [], null, {
      error: { code: 'server_error', message: 'The model produced invalid content.' },
    }),
    expected: { finishReason: 'error', error: 'ModelServerError' },
  },
  {
    name: 'whole, cancelled background response',
    source: 'https://platform.openai.com/docs/guides/background',
    api: 'openai-responses',
    whole: response('cancelled', [], null, { background: true }),
    expected: { finishReason: 'cancelled' },
  },
  {
    name: 'streamed, text',
    source: streaming,
    api: 'openai-responses',
    chunks: [
      ...created,
      ...textStart,
      event(5, 'response.output_text.delta', { ...item, delta: ' is at noon.', logprobs: [], obfuscation: '' }),
      event(6, 'response.output_text.done', { ...item, text: 'High tide is at noon.', logprobs: [] }),
      event(7, 'response.content_part.done', { ...item, part: text('High tide is at noon.') }),
      event(8, 'response.output_item.done', { output_index: 0, item: message([text('High tide is at noon.')]) }),
      event(9, 'response.completed', {
        response: response('completed', [message([text('High tide is at noon.')])], usage(31, 0, 9, 0)),
      }),
    ],
    expected: {
      input: 31,
      output: 9,
      cachedInput: 0,
      reasoningOutput: 0,
      finishReason: 'stop',
      firstOutput: 4,
      lastChunk: 9,
    },
  },
  {
    name: 'streamed, reasoning summary before a function call',
    source: streaming,
    api: 'openai-responses',
    chunks: [
      ...created,
      event(2, 'response.output_item.added', { output_index: 0, item: reasoning }),
      event(3, 'response.reasoning_summary_part.added', {
        item_id: 'rs_0c41f7e1',
        output_index: 0,
        summary_index: 0,
        part: { type: 'summary_text', text: '' },
      }),
      event(4, 'response.reasoning_summary_text.delta', {
        item_id: 'rs_0c41f7e1',
        output_index: 0,
        summary_index: 0,
        delta: 'Looking up the port',
      }),
      event(5, 'response.output_item.done', { output_index: 0, item: reasoning }),
      event(6, 'response.output_item.added', { output_index: 1, item: call('in_progress', '') }),
      event(7, 'response.function_call_arguments.delta', {
        item_id: 'fc_0c41f7e4',
        output_index: 1,
        delta: '{"port":"Faro"}',
      }),
      event(8, 'response.output_item.done', { output_index: 1, item: call('completed', '{"port":"Faro"}') }),
      event(9, 'response.completed', {
        response: response('completed', [reasoning, call('completed', '{"port":"Faro"}')], usage(140, 0, 88, 64)),
      }),
    ],
    expected: {
      input: 140,
      output: 88,
      cachedInput: 0,
      reasoningOutput: 64,
      finishReason: 'tool_calls',
      firstOutput: 4,
      lastChunk: 9,
    },
  },
  {
    name: 'streamed, incomplete',
    source: streaming,
    api: 'openai-responses',
    chunks: [
      ...created,
      ...textStart,
      event(5, 'response.incomplete', {
        response: response('incomplete', [message([text('High tide')], 'incomplete')], usage(29, 0, 16, 0), {
          incomplete_details: { reason: 'max_output_tokens' },
        }),
      }),
    ],
    expected: {
      input: 29,
      output: 16,
      cachedInput: 0,
      reasoningOutput: 0,
      finishReason: 'length',
      firstOutput: 4,
      lastChunk: 5,
    },
  },
  {
    name: 'streamed, failed',
    source: streaming,
    api: 'openai-responses',
    chunks: [
      ...created,
      ...textStart,
      event(5, 'response.failed', {
        response: response('failed', [], null, {
          error: { code: 'server_error', message: 'The model failed to generate a response.' },
        }),
      }),
    ],
    expected: { finishReason: 'error', error: 'ModelServerError', firstOutput: 4, lastChunk: 5 },
  },
  {
    name: 'streamed, an error event',
    source: streaming,
    api: 'openai-responses',
    chunks: [...created, event(2, 'error', { code: 'server_error', message: 'An error occurred.', param: null })],
    expected: { finishReason: 'error', error: 'ModelProtocolError' },
  },
];
