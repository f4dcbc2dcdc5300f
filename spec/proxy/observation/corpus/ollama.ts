import type { RecordedExchange } from './recorded-exchange.js';
import { samplesOf } from './samples.js';

const lines = 'application/x-ndjson';
const json = 'application/json; charset=utf-8';
const at = '"created_at":"2026-01-01T00:00:00.5Z"';
const chat = '/api/chat';
const prompt = '"messages":[{"role":"user","content":"Wie heißt \\"das\\"? \\\\ {[,:"}]';

const part = (content: string): string =>
  `{"model":"qwen3:1.7b",${at},"message":{"role":"assistant","content":${JSON.stringify(content)}},"done":false}\n`;
const figures =
  '"total_duration":900000000,"load_duration":200000000,"prompt_eval_count":26,"prompt_eval_duration":100000000,"eval_count":3,"eval_duration":150000000';
const { begun, finished, failed, firstToken, gaps, tokens } = samplesOf('qwen3:1.7b');
const spent = tokens(26, 3);
const timed = [
  'tinyllm_time_per_output_token_seconds_count{model="qwen3:1.7b"} 1',
  'tinyllm_model_load_duration_seconds_count{model="qwen3:1.7b"} 1',
];

/** Source: https://github.com/ollama/ollama/blob/main/docs/api.md */
export const ollamaExchanges: readonly RecordedExchange[] = [
  {
    title: 'a chat, streamed since nothing says otherwise',
    path: chat,
    request: `{"model":"qwen3:1.7b",${prompt}}`,
    contentType: lines,
    answer: `${part('Es')}${part(' heißt 🦙')}${part(' so.')}{"model":"qwen3:1.7b",${at},"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop",${figures}}\n`,
    counted: [...begun('stream'), finished('stop'), ...spent, firstToken, gaps(2), ...timed],
  },
  {
    title: 'a chat whose last line has no end, from a model that thinks',
    path: `${chat}?x=1`,
    request: `{"stream":true,${prompt},"think":true,"model":"qwen3:1.7b"}`,
    contentType: lines,
    answer: `{"model":"qwen3:1.7b",${at},"message":{"role":"assistant","content":"","thinking":"Hm"},"done":false}\r\n${part('So.')}{"model":"qwen3:1.7b",${at},"message":{"role":"assistant","content":""},"done":true,"done_reason":"length",${figures}}`,
    counted: [...begun('stream'), finished('length'), ...spent, firstToken, gaps(1), ...timed],
  },
  {
    title: 'a chat that calls a tool',
    path: `${chat}/`,
    request: `{"model":"qwen3:1.7b","tools":[{"type":"function","function":{"name":"now"}}],${prompt}}`,
    contentType: lines,
    answer: `{"model":"qwen3:1.7b",${at},"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"now","arguments":{}}}]},"done":false}\n{"model":"qwen3:1.7b",${at},"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop",${figures}}\n`,
    counted: [...begun('stream'), finished('tool_calls'), ...spent, firstToken, ...timed],
  },
  {
    title: 'a chat that was not to be streamed',
    path: chat,
    request: `{"model":"qwen3:1.7b","stream":false,${prompt}}`,
    contentType: json,
    answer: `{"model":"qwen3:1.7b",${at},"message":{"role":"assistant","content":"So: {\\"done\\": false}"},"done":true,"done_reason":"stop",${figures}}`,
    counted: [...begun('generate'), finished('stop'), ...spent, ...timed],
  },
  {
    title: 'an error in the middle of a stream',
    path: chat,
    request: `{"model":"qwen3:1.7b",${prompt}}`,
    contentType: lines,
    answer: `${part('Es')}{"error":"an error was encountered while running the model: CUDA error"}\n`,
    counted: [...begun('stream'), ...failed('ModelProtocolError'), firstToken],
  },
  {
    title: 'a stream that ends before it is done',
    isCut: true,
    path: '/api/generate',
    request: '{"model":"qwen3:1.7b","prompt":"Warum?"}',
    contentType: lines,
    answer: `{"model":"qwen3:1.7b",${at},"response":"Da","done":false}\n{"model":"qwen3:1.7b",${at},"response":"rum","done":false}\n`,
    counted: [...begun('stream'), ...failed('ModelProtocolError'), firstToken, gaps(1)],
  },
  {
    title: 'a completion',
    path: '/ollama/api/generate',
    request: '{"model":"qwen3:1.7b","prompt":"Warum?","images":["aGFsbG8="]}',
    contentType: lines,
    answer: `{"model":"qwen3:1.7b",${at},"response":"Da","done":false}\n{"model":"qwen3:1.7b",${at},"response":"rum","done":false}\n{"model":"qwen3:1.7b",${at},"response":"","done":true,"done_reason":"stop","context":[1,2,3],${figures}}\n`,
    counted: [...begun('stream'), finished('stop'), ...spent, firstToken, gaps(1), ...timed],
  },
  {
    title: 'a model that is only to be loaded',
    path: '/api/generate',
    request: '{"model":"qwen3:1.7b","stream":false}',
    contentType: json,
    answer: `{"model":"qwen3:1.7b",${at},"response":"","done":true,"done_reason":"load"}`,
    counted: [...begun('generate'), finished('other')],
  },
  {
    title: 'vectors, of a model that is in memory already',
    path: '/api/embed',
    request: '{"model":"qwen3:1.7b","input":["eins","zwei"]}',
    contentType: json,
    answer:
      '{"model":"qwen3:1.7b","embeddings":[[0.1,-2e-3],[3,4.5]],"total_duration":14143917,"load_duration":1019500,"prompt_eval_count":8}',
    counted: [...begun('embed'), finished('stop'), ...tokens(8)],
  },
  {
    title: 'a vector, in the older way',
    path: '/api/embeddings',
    request: '{"model":"qwen3:1.7b","prompt":"eins"}',
    contentType: json,
    answer: '{"embedding":[0.5,0.25]}',
    counted: [...begun('embed'), finished('stop')],
  },
  {
    title: 'a model that is not there',
    path: chat,
    request: `{"model":"qwen3:1.7b",${prompt}}`,
    status: 404,
    contentType: json,
    answer: '{"error":"model \'qwen3:1.7b\' not found"}',
    counted: [...begun('stream'), ...failed('ModelNotFoundError')],
  },
];
