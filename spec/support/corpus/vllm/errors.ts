import type { CorpusCase } from '../corpus-case.js';

const source = 'https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/engine/protocol.py';

const base = { id: 'chatcmpl-0e77a9', object: 'chat.completion.chunk', created: 1764202200, model: 'Qwen/Qwen3-8B' };

/** Errors of vLLM's OpenAI-compatible server. */
export const errors: readonly CorpusCase[] = [
  {
    name: '404, unknown model, error fields at the top level as before version 0.10',
    source: 'https://github.com/vllm-project/vllm/blob/v0.9.0/vllm/entrypoints/openai/protocol.py',
    api: 'openai-chat',
    status: 404,
    whole: {
      object: 'error',
      message: 'The model `qwen-9` does not exist.',
      type: 'NotFoundError',
      param: null,
      code: 404,
    },
    expected: { finishReason: 'error', error: 'ModelNotFoundError' },
  },
  {
    name: '400, input over the context window',
    source,
    api: 'openai-chat',
    status: 400,
    whole: {
      error: {
        message: "This model's maximum context length is 4096 tokens. However, you requested 4310 tokens.",
        type: 'BadRequestError',
        param: 'input_tokens',
        code: 400,
      },
    },
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '401, error that is a string',
    source: 'https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/api_server.py',
    api: 'openai-chat',
    status: 401,
    whole: { error: 'Unauthorized' },
    expected: { finishReason: 'error', error: 'ModelAccessError' },
  },
  {
    name: '500, plain text',
    source: 'https://github.com/encode/starlette/blob/master/starlette/middleware/errors.py',
    api: 'openai-chat',
    status: 500,
    contentType: 'text/plain; charset=utf-8',
    body: 'Internal Server Error',
    expected: { finishReason: 'error', error: 'ModelServerError' },
  },
  {
    name: 'streamed, an error in place of the rest, then [DONE]',
    source: 'https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/chat_completion/serving.py',
    api: 'openai-chat',
    chunks: [
      {
        ...base,
        choices: [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }],
      },
      { ...base, choices: [{ index: 0, delta: { content: 'Ebb' }, logprobs: null, finish_reason: null }] },
      {
        error: {
          message: 'EngineCore encountered an issue. See stack trace (above) for the root cause.',
          type: 'InternalServerError',
          param: null,
          code: 500,
        },
      },
    ],
    expected: { finishReason: 'error', error: 'ModelProtocolError', firstOutput: 1 },
  },
];
