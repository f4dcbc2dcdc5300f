import type { RecordedExchange } from './recorded-exchange.js';
import { samplesOf } from './samples.js';

const path = '/v1/responses';
const events = 'text/event-stream';
const usage =
  '"usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":0},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":39}';
const text =
  '{"type":"message","id":"m1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Ja. Gut.","annotations":[]}]}';
const call = '{"type":"function_call","id":"f1","call_id":"c1","name":"now","arguments":"{}","status":"completed"}';

const { begun, finished, failed, firstToken, gaps, perToken, tokens } = samplesOf('gpt-5-nano');

function response(status: string, after: string): string {
  return `{"id":"r1","object":"response","created_at":1767225600,"status":"${status}","model":"gpt-5-nano-2025-08-07",${after}}`;
}

function event(type: string, fields: string): string {
  return `event: ${type}\ndata: {"type":"${type}",${fields}}\n\n`;
}

const created = event(
  'response.created',
  `"response":${response('in_progress', '"error":null,"incomplete_details":null,"output":[],"usage":null')}`,
);
const deltas = ['Ja', '. ', 'Gut.'].map((delta, index) =>
  event('response.output_text.delta', `"sequence_number":${index + 4},"item_id":"m1","delta":"${delta}"`),
);
const done = event('response.output_text.done', '"item_id":"m1","text":"Ja. Gut."');

/** Source: https://platform.openai.com/docs/api-reference/responses-streaming */
export const responsesExchanges: readonly RecordedExchange[] = [
  {
    title: 'a response that came whole',
    path,
    request: '{"model":"gpt-5-nano","input":"Gut?"}',
    contentType: 'application/json',
    answer: response('completed', `"error":null,"incomplete_details":null,"output":[${text}],${usage}`),
    counted: [...begun('generate'), finished('stop'), ...tokens(36, 3)],
  },
  {
    title: 'a response that calls a function',
    path,
    request: '{"model":"gpt-5-nano","input":"Wann?"}',
    contentType: 'application/json',
    answer: response('completed', `"error":null,"incomplete_details":null,"output":[${call}],${usage}`),
    counted: [...begun('generate'), finished('tool_calls'), ...tokens(36, 3)],
  },
  {
    title: 'a streamed response',
    path,
    request: '{"model":"gpt-5-nano","input":"Gut?","stream":true}',
    contentType: events,
    answer: `${created}${deltas.join('')}${done}${event('response.completed', `"response":${response('completed', `"error":null,"incomplete_details":null,"output":[${text}],${usage}`)}`)}`,
    counted: [...begun('stream'), finished('stop'), ...tokens(36, 3), firstToken, gaps(2), perToken],
  },
  {
    title: 'a streamed response that was cut short',
    path,
    request: '{"model":"gpt-5-nano","input":"Gut?","stream":true}',
    contentType: events,
    answer: `${created}${deltas.join('')}${event('response.incomplete', `"response":${response('incomplete', `"error":null,"incomplete_details":{"reason":"max_output_tokens"},"output":[${text}],${usage}`)}`)}`,
    counted: [...begun('stream'), finished('length'), ...tokens(36, 3), firstToken, gaps(2), perToken],
  },
  {
    title: 'a streamed response that calls a function',
    path,
    request: '{"model":"gpt-5-nano","input":"Wann?","stream":true}',
    contentType: events,
    answer: `${created}${event('response.output_item.added', `"item":${call}`)}${event('response.function_call_arguments.delta', '"delta":"{}"')}${event('response.completed', `"response":${response('completed', `"error":null,"incomplete_details":null,"output":[${call}],${usage}`)}`)}`,
    counted: [...begun('stream'), finished('tool_calls'), ...tokens(36, 3), firstToken],
  },
  {
    title: 'a streamed response that failed',
    path,
    request: '{"model":"gpt-5-nano","input":"Gut?","stream":true}',
    contentType: events,
    answer: `${created}${deltas[0]}${event('response.failed', `"response":${response('failed', '"error":{"code":"server_error","message":"The model failed"},"incomplete_details":null,"output":[],"usage":null')}`)}`,
    counted: [...begun('stream'), ...failed('ModelServerError'), firstToken],
  },
  {
    title: 'an error amid a streamed response',
    path,
    request: '{"model":"gpt-5-nano","input":"Gut?","stream":true}',
    contentType: events,
    answer: `${created}${event('error', '"code":"server_error","message":"broken","param":null')}`,
    counted: [...begun('stream'), ...failed('ModelProtocolError')],
  },
];
