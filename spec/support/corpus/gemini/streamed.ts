import type { CorpusCase } from '../corpus-case.js';

const documentation = 'https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent';
const sdk = 'https://github.com/googleapis/js-genai/blob/main/src/types.ts';

const facts = { modelVersion: 'gemini-2.5-flash', responseId: 'W7xUaf_oDdCv1MkP' } as const;

function content(...parts: readonly object[]): object {
  return { candidates: [{ content: { parts, role: 'model' }, index: 0 }] };
}

function last(finishReason: string, ...parts: readonly object[]): object {
  return { candidates: [{ content: { parts, role: 'model' }, finishReason, index: 0 }] };
}

/** Without `alt=sse`, Gemini streams the items of one JSON list. */
function list(chunks: readonly object[]): string {
  return `[${chunks.map((chunk) => JSON.stringify(chunk, null, 2)).join('\n,\n')}\n]`;
}

const listed = [
  { ...content({ text: 'Porto' }), usageMetadata: { promptTokenCount: 11, totalTokenCount: 11 }, ...facts },
  {
    ...last('STOP', { text: ' lies on the Douro.' }),
    usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 8, totalTokenCount: 19 },
    ...facts,
  },
] as const;

const listedError = [{ error: { code: 429, message: 'Resource has been exhausted.', status: 'RESOURCE_EXHAUSTED' } }];

/** Streamed responses of the Gemini API, and the objects of the `@google/genai` SDK. The counts are cumulative. */
export const geminiStreamed: readonly CorpusCase[] = [
  {
    name: 'streamed with alt=sse, counts in every chunk: the last one counts',
    source: documentation,
    api: 'gemini',
    chunks: [
      {
        ...content({ text: 'One' }),
        usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 1, totalTokenCount: 11 },
        ...facts,
      },
      {
        ...content({ text: ', two' }),
        usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3, totalTokenCount: 13 },
        ...facts,
      },
      {
        ...last('MAX_TOKENS', { text: ', three' }),
        usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
        ...facts,
      },
    ],
    expected: { input: 10, output: 5, finishReason: 'length', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'streamed as a JSON list',
    source: documentation,
    api: 'gemini',
    contentType: 'application/json',
    chunks: listed,
    body: list(listed),
    expected: { input: 11, output: 8, finishReason: 'stop', firstOutput: 0, lastChunk: 1 },
  },
  {
    name: 'streamed with alt=sse, thoughts first, signature in a last chunk with empty text',
    source: 'https://ai.google.dev/gemini-api/docs/thinking',
    api: 'gemini',
    chunks: [
      {
        ...content({ text: '27 = 3 x 9', thought: true }),
        usageMetadata: { promptTokenCount: 14, totalTokenCount: 96, thoughtsTokenCount: 82 },
        ...facts,
      },
      {
        ...content({ text: 'Not prime.' }),
        usageMetadata: { promptTokenCount: 14, candidatesTokenCount: 3, totalTokenCount: 99, thoughtsTokenCount: 82 },
        ...facts,
      },
      {
        ...last('STOP', { text: '', thoughtSignature: 'CiIB4/H/XpQ3' }),
        usageMetadata: { promptTokenCount: 14, candidatesTokenCount: 4, totalTokenCount: 100, thoughtsTokenCount: 82 },
        ...facts,
      },
    ],
    expected: { input: 14, output: 86, reasoningOutput: 82, finishReason: 'stop', firstOutput: 0, lastChunk: 2 },
  },
  {
    name: 'streamed with alt=sse, function call, then a chunk with empty text and STOP',
    source: 'https://ai.google.dev/gemini-api/docs/function-calling',
    api: 'gemini',
    chunks: [
      { ...content({ text: '' }), usageMetadata: { promptTokenCount: 58, totalTokenCount: 58 }, ...facts },
      {
        ...content({ functionCall: { name: 'get_tide', args: { port: 'Faro' } } }),
        usageMetadata: { promptTokenCount: 58, candidatesTokenCount: 16, totalTokenCount: 74 },
        ...facts,
      },
      {
        ...last('STOP', { text: '' }),
        usageMetadata: { promptTokenCount: 58, candidatesTokenCount: 17, totalTokenCount: 75 },
        ...facts,
      },
    ],
    expected: { input: 58, output: 17, finishReason: 'tool_calls', firstOutput: 1, lastChunk: 2 },
  },
  {
    name: 'streamed with alt=sse, error after the first text, status 200',
    source: 'https://ai.google.dev/gemini-api/docs/troubleshooting',
    api: 'gemini',
    chunks: [
      { ...content({ text: 'The' }), usageMetadata: { promptTokenCount: 13, totalTokenCount: 13 }, ...facts },
      { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } },
    ],
    expected: { input: 13, finishReason: 'error', firstOutput: 0, error: 'ModelProtocolError' },
  },
  {
    name: 'streamGenerateContent without alt=sse, the error is in a list',
    source: documentation,
    api: 'gemini',
    status: 429,
    whole: listedError,
    expected: { finishReason: 'error', error: 'ModelRateLimitError' },
  },
  {
    name: 'SDK, generateContent: the fields of the API and the headers of the response',
    source: sdk,
    api: 'gemini',
    whole: {
      sdkHttpResponse: { headers: { 'content-type': 'application/json; charset=UTF-8', 'server-timing': 'gfet4t7' } },
      ...last('STOP', { text: 'Granite is an igneous rock.' }),
      ...facts,
      usageMetadata: { promptTokenCount: 16, candidatesTokenCount: 6, totalTokenCount: 49, thoughtsTokenCount: 27 },
    },
    expected: { input: 16, output: 33, reasoningOutput: 27, finishReason: 'stop' },
  },
  {
    name: 'SDK, generateContentStream',
    source: sdk,
    api: 'gemini',
    chunks: [
      {
        sdkHttpResponse: { headers: { 'content-type': 'text/event-stream' } },
        ...content({ text: 'Gra' }),
        ...facts,
        usageMetadata: { promptTokenCount: 20, totalTokenCount: 20 },
      },
      {
        sdkHttpResponse: { headers: { 'content-type': 'text/event-stream' } },
        ...last('STOP', { text: 'nite' }),
        ...facts,
        usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 2, totalTokenCount: 22 },
      },
    ],
    expected: { input: 20, output: 2, finishReason: 'stop', firstOutput: 0, lastChunk: 1 },
  },
  {
    name: 'SDK, embedContent: a list of vectors, counts of Vertex AI per vector',
    source: sdk,
    api: 'gemini',
    whole: {
      sdkHttpResponse: { headers: { 'content-type': 'application/json; charset=UTF-8' } },
      embeddings: [
        { values: [0.0121, -0.0413], statistics: { truncated: false, tokenCount: 7 } },
        { values: [0.0388, 0.0094], statistics: { truncated: false, tokenCount: 5 } },
      ],
      metadata: { billableCharacterCount: 48 },
    },
    expected: { input: 12, finishReason: 'stop' },
  },
];
