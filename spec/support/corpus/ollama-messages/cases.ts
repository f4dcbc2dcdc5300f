import type { CorpusCase } from '../corpus-case.js';

const converter = 'https://github.com/ollama/ollama/blob/main/anthropic/anthropic.go';
const middleware = 'https://github.com/ollama/ollama/blob/main/middleware/anthropic.go';

const message = { id: 'msg_9f0c1d2ab47e', type: 'message', role: 'assistant', model: 'qwen3:4b' } as const;

/** Ollama leaves out `stop_reason` in `message_start`, and states an estimate of the input tokens. */
function start(estimate: number): object {
  return {
    type: 'message_start',
    message: { ...message, content: [], usage: { input_tokens: estimate, output_tokens: 0 } },
  };
}

function blockStart(index: number, block: object): object {
  return { type: 'content_block_start', index, content_block: block };
}

function delta(index: number, block: object): object {
  return { type: 'content_block_delta', index, delta: block };
}

function blockStop(index: number): object {
  return { type: 'content_block_stop', index };
}

const stop = { type: 'message_stop' };

/** Responses of Ollama's `/v1/messages`, which follows Anthropic's Messages API. */
export const ollamaMessages: readonly CorpusCase[] = [
  {
    name: 'whole, text, no stop_sequence field and no cache counts',
    source: converter,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [{ type: 'text', text: 'Lisbon lies on the Tagus.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 27, output_tokens: 10 },
    },
    expected: { input: 27, output: 10, finishReason: 'stop' },
  },
  {
    name: 'whole, thinking without signature, token limit reached',
    source: converter,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [{ type: 'thinking', thinking: 'The rivers of Portugal are' }],
      stop_reason: 'max_tokens',
      usage: { input_tokens: 35, output_tokens: 64 },
    },
    expected: { input: 35, output: 64, finishReason: 'length' },
  },
  {
    name: 'whole, tool use only',
    source: converter,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [{ type: 'tool_use', id: 'call_p3x9', name: 'get_tide', input: { port: 'Porto' } }],
      stop_reason: 'tool_use',
      usage: { input_tokens: 174, output_tokens: 23 },
    },
    expected: { input: 174, output: 23, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, content null and no stop_reason: the runner closed the connection',
    source: converter,
    api: 'anthropic-messages',
    whole: { ...message, content: null, usage: { input_tokens: 16, output_tokens: 0 } },
    expected: { input: 16, output: 0, finishReason: 'stop' },
  },
  {
    name: 'whole, web search of the server: a server tool is no tool call of the client',
    source: middleware,
    api: 'anthropic-messages',
    whole: {
      ...message,
      content: [
        { type: 'server_tool_use', id: 'srvtoolu_9f0c', name: 'web_search', input: { query: 'tide Porto' } },
        {
          type: 'web_search_tool_result',
          tool_use_id: 'srvtoolu_9f0c',
          content: [{ type: 'web_search_result', url: 'https://tides.example/porto', title: 'Tides in Porto' }],
        },
        { type: 'text', text: 'High tide is at 14:20.' },
      ],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1433, output_tokens: 48 },
    },
    expected: { input: 1433, output: 48, finishReason: 'stop' },
  },
  {
    name: 'streamed, text, the estimate in message_start is replaced in message_delta',
    source: converter,
    api: 'anthropic-messages',
    chunks: [
      start(11),
      blockStart(0, { type: 'text', text: '' }),
      delta(0, { type: 'text_delta', text: 'Porto' }),
      delta(0, { type: 'text_delta', text: ' lies on the Douro.' }),
      blockStop(0),
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { input_tokens: 26, output_tokens: 9 } },
      stop,
    ],
    expected: { input: 26, output: 9, finishReason: 'stop', firstOutput: 2, lastChunk: 6 },
  },
  {
    name: 'streamed, thinking, then text',
    source: converter,
    api: 'anthropic-messages',
    chunks: [
      start(8),
      blockStart(0, { type: 'thinking', thinking: '' }),
      delta(0, { type: 'thinking_delta', thinking: '27 = 3 x 9' }),
      blockStop(0),
      blockStart(1, { type: 'text', text: '' }),
      delta(1, { type: 'text_delta', text: 'Not prime.' }),
      blockStop(1),
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { input_tokens: 21, output_tokens: 57 } },
      stop,
    ],
    expected: { input: 21, output: 57, finishReason: 'stop', firstOutput: 2, lastChunk: 8 },
  },
  {
    name: 'streamed, tool use with the whole input in one delta',
    source: converter,
    api: 'anthropic-messages',
    chunks: [
      start(93),
      blockStart(0, { type: 'tool_use', id: 'call_q7d1', name: 'get_tide', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"port":"Faro"}' }),
      blockStop(0),
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { input_tokens: 168, output_tokens: 20 } },
      stop,
    ],
    expected: { input: 168, output: 20, finishReason: 'tool_calls', firstOutput: 2, lastChunk: 5 },
  },
  {
    name: 'streamed, message_delta without stop_reason',
    source: converter,
    api: 'anthropic-messages',
    chunks: [
      start(5),
      blockStart(0, { type: 'text', text: '' }),
      delta(0, { type: 'text_delta', text: 'Basalt' }),
      blockStop(0),
      { type: 'message_delta', delta: {}, usage: { input_tokens: 13, output_tokens: 2 } },
      stop,
    ],
    expected: { input: 13, output: 2, finishReason: 'stop', firstOutput: 2, lastChunk: 5 },
  },
  {
    name: 'unknown model',
    source: middleware,
    api: 'anthropic-messages',
    status: 404,
    whole: {
      type: 'error',
      error: { type: 'not_found_error', message: "model 'qwen3:999b' not found" },
      request_id: 'req_52c8e0aa91f3',
    },
    expected: { finishReason: 'error', error: 'ModelNotFoundError' },
  },
  {
    name: 'max_tokens is missing',
    source: middleware,
    api: 'anthropic-messages',
    status: 400,
    whole: {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'max_tokens is required and must be positive' },
      request_id: 'req_77b01e4fd260',
    },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: 'queue is full',
    source: converter,
    api: 'anthropic-messages',
    status: 503,
    whole: {
      type: 'error',
      error: { type: 'overloaded_error', message: 'server busy, please try again.  maximum pending requests exceeded' },
      request_id: 'req_0d94cc18e7b5',
    },
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
];
