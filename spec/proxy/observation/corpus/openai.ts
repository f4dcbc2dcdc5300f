import type { RecordedExchange } from './recorded-exchange.js';
import { samplesOf } from './samples.js';

const events = 'text/event-stream; charset=utf-8';
const json = 'application/json';
const chat = '/v1/chat/completions';
const messages = '"messages":[{"role":"user","content":[{"type":"text","text":"Ist \\"stream\\":true? }]"}]}]';
const head =
  '"id":"chatcmpl-1","object":"chat.completion.chunk","created":1767225600,"model":"gpt-4.1-mini-2025-04-14"';

const { begun, finished, failed, firstToken, gaps, perToken, tokens } = samplesOf('gpt-4.1-mini');

function delta(fields: string, reason = 'null', after = ''): string {
  return `{${head},"choices":[{"index":0,"delta":${fields},"logprobs":null,"finish_reason":${reason}}]${after}}`;
}

function data(json: string, end = '\n'): string {
  return `data: ${json}${end}${end}`;
}

const usage = '"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}';

/** Source: https://platform.openai.com/docs/api-reference */
export const openaiExchanges: readonly RecordedExchange[] = [
  {
    title: 'an OpenAI chat, whole since nothing says otherwise',
    path: chat,
    request: `{"model":"gpt-4.1-mini",${messages}}`,
    contentType: json,
    answer: `{"id":"chatcmpl-1","object":"chat.completion","created":1767225600,"model":"gpt-4.1-mini-2025-04-14","choices":[{"index":0,"message":{"role":"assistant","content":"Nein. {\\"usage\\":null}","refusal":null},"logprobs":null,"finish_reason":"stop"}],${usage},"system_fingerprint":null}`,
    counted: [...begun('generate'), finished('stop'), ...tokens(12, 3)],
  },
  {
    title: 'a streamed OpenAI chat with token counts',
    path: chat,
    request: `{"stream_options":{"include_usage":true},"stream":true,"model":"gpt-4.1-mini",${messages}}`,
    contentType: events,
    answer: [
      data(delta('{"role":"assistant","content":"","refusal":null}', 'null', ',"usage":null')),
      ...['Nein', ', 🦙', '!'].map((text) => data(delta(`{"content":"${text}"}`, 'null', ',"usage":null'))),
      data(delta('{}', '"stop"', ',"usage":null')),
      data(`{${head},"choices":[],${usage}}`),
      data('[DONE]'),
    ].join(''),
    counted: [...begun('stream'), finished('stop'), ...tokens(12, 3), firstToken, gaps(2), perToken],
  },
  {
    title: 'a streamed OpenAI chat without token counts, with carriage returns, comments and a byte order mark',
    path: '/openai/v1/chat/completions?api-version=1',
    request: `{"model":"gpt-4.1-mini","stream":true,${messages}}`,
    contentType: events,
    answer: [
      `\uFEFF: hello\r\n\r\n`,
      data(delta('{"role":"assistant","reasoning_content":"Hm"}'), '\r\n'),
      `event: message\r\nid: 7\r\ndata:${delta('{"content":"Nein"}')}\r\n\r\n`,
      `: ping\r\r`,
      data(delta('{"content":"."}').replace('"choices"', '\rdata: "choices"'), '\r'),
      data(delta('{}', '"length"'), '\r'),
      'data: [DONE]',
    ].join(''),
    counted: [...begun('stream'), finished('length'), firstToken, gaps(2), perToken],
  },
  {
    title: 'a streamed OpenAI chat that calls tools',
    path: chat,
    request: `{"model":"gpt-4.1-mini","stream":true,${messages}}`,
    contentType: events,
    answer: [
      data(
        delta(
          '{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"now","arguments":""}}]}',
        ),
      ),
      data(delta('{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}')),
      data(delta('{}', '"tool_calls"')),
      data('[DONE]'),
    ].join(''),
    counted: [...begun('stream'), finished('tool_calls'), firstToken, gaps(1), perToken],
  },
  {
    title: 'a streamed chat of llama.cpp, with its own timings',
    path: chat,
    request: `{"model":"gpt-4.1-mini","stream":true,${messages}}`,
    contentType: events,
    answer: [
      data(delta('{"content":"Nein."}')),
      data(
        `{${head},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],${usage},"timings":{"prompt_n":12,"prompt_ms":20.5,"predicted_n":3,"predicted_ms":150}}`,
      ),
      data('[DONE]'),
    ].join(''),
    counted: [...begun('stream'), finished('stop'), ...tokens(12, 3), firstToken, perToken],
  },
  {
    title: 'an error amid the events',
    path: chat,
    request: `{"model":"gpt-4.1-mini","stream":true,${messages}}`,
    contentType: events,
    answer: `${data(delta('{"content":"Nei"}'))}${data('{"error":{"message":"out of memory","type":"server_error","param":null,"code":500}}')}${data('[DONE]')}`,
    counted: [...begun('stream'), ...failed('ModelProtocolError'), firstToken],
  },
  {
    title: 'an event that is named an error',
    path: chat,
    request: `{"model":"gpt-4.1-mini","stream":true,${messages}}`,
    contentType: events,
    answer: `${data(delta('{"content":"Nei"}'))}event: error\ndata: overloaded\n\n${data('[DONE]')}`,
    counted: [...begun('stream'), ...failed('ModelProtocolError'), firstToken],
  },
  {
    title: 'a refusal for asking too often',
    path: chat,
    request: `{"model":"gpt-4.1-mini","stream":true,${messages}}`,
    status: 429,
    contentType: json,
    answer: '{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}',
    counted: [...begun('stream'), ...failed('ModelRateLimitError')],
  },
  {
    title: 'a text completion',
    path: '/v1/completions',
    request: '{"model":"gpt-4.1-mini","prompt":"Eins,","stream":true}',
    contentType: events,
    answer: [
      data(
        '{"id":"cmpl-1","object":"text_completion","choices":[{"text":" zwei","index":0,"logprobs":{"tokens":[]},"finish_reason":null}]}',
      ),
      data(
        '{"id":"cmpl-1","object":"text_completion","choices":[{"text":"","index":0,"logprobs":{"tokens":[]},"finish_reason":"length"}]}',
      ),
      data(`{"id":"cmpl-1","object":"text_completion","choices":[],${usage}}`),
      data('[DONE]'),
    ].join(''),
    counted: [...begun('stream'), finished('length'), ...tokens(12, 3), firstToken],
  },
  {
    title: 'vectors of an OpenAI-compatible server',
    path: '/v1/embeddings',
    request: '{"input":["eins"],"model":"gpt-4.1-mini","encoding_format":"float"}',
    contentType: json,
    answer:
      '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.0023,-0.009]}],"model":"text","usage":{"prompt_tokens":8,"total_tokens":8}}',
    counted: [...begun('embed'), finished('stop'), ...tokens(8)],
  },
  {
    title: 'vectors of a server that states only total tokens, such as Voyage AI',
    path: '/v1/embeddings',
    request: '{"input":["eins"],"model":"gpt-4.1-mini"}',
    contentType: json,
    answer:
      '{"object":"list","data":[{"object":"embedding","embedding":[0.0023,-0.009],"index":0}],"model":"text","usage":{"total_tokens":8}}',
    counted: [...begun('embed'), finished('stop'), ...tokens(8)],
  },
];
