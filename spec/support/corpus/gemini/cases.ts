import type { CorpusCase } from '../corpus-case.js';

const documentation = 'https://ai.google.dev/api/generate-content';
const embeddingDocumentation = 'https://ai.google.dev/api/embeddings';
const errorDocumentation = 'https://ai.google.dev/gemini-api/docs/troubleshooting';

const facts = { modelVersion: 'gemini-2.5-flash', responseId: 'q3xUabG7CMqE1PIP' } as const;

function candidate(parts: readonly object[], finishReason: string): object {
  return { content: { parts, role: 'model' }, finishReason, index: 0 };
}

/** Whole responses of the Gemini API. `candidatesTokenCount` excludes the thoughts. */
export const gemini: readonly CorpusCase[] = [
  {
    name: 'whole, text',
    source: documentation,
    api: 'gemini',
    whole: {
      candidates: [candidate([{ text: 'Lisbon lies on the Tagus.' }], 'STOP')],
      usageMetadata: {
        promptTokenCount: 12,
        candidatesTokenCount: 7,
        totalTokenCount: 19,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 12 }],
      },
      ...facts,
    },
    expected: { input: 12, output: 7, finishReason: 'stop' },
  },
  {
    name: 'whole, thoughts are counted apart from the candidates',
    source: documentation,
    api: 'gemini',
    whole: {
      candidates: [candidate([{ text: '27 = 3 x 9', thought: true }, { text: 'Not prime.' }], 'STOP')],
      usageMetadata: { promptTokenCount: 15, candidatesTokenCount: 4, totalTokenCount: 150, thoughtsTokenCount: 131 },
      ...facts,
    },
    expected: { input: 15, output: 135, reasoningOutput: 131, finishReason: 'stop' },
  },
  {
    name: 'whole, token limit reached while thinking: no parts and no candidatesTokenCount',
    source: documentation,
    api: 'gemini',
    whole: {
      candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS', index: 0 }],
      usageMetadata: { promptTokenCount: 18, totalTokenCount: 67, thoughtsTokenCount: 49 },
      ...facts,
    },
    expected: { input: 18, output: 49, reasoningOutput: 49, finishReason: 'length' },
  },
  {
    name: 'whole, cached content is part of the prompt, tool use prompt is not',
    source: documentation,
    api: 'gemini',
    whole: {
      candidates: [candidate([{ text: 'High tide is at 14:20.' }], 'STOP')],
      usageMetadata: {
        promptTokenCount: 4210,
        cachedContentTokenCount: 4096,
        candidatesTokenCount: 11,
        toolUsePromptTokenCount: 635,
        thoughtsTokenCount: 80,
        totalTokenCount: 4936,
      },
      ...facts,
    },
    expected: { input: 4845, output: 91, cachedInput: 4096, reasoningOutput: 80, finishReason: 'stop' },
  },
  {
    name: 'whole, function call with finishReason STOP',
    source: documentation,
    api: 'gemini',
    whole: {
      candidates: [
        candidate(
          [{ functionCall: { name: 'get_tide', args: { port: 'Porto' } }, thoughtSignature: 'CiIB4/H/XpQ3' }],
          'STOP',
        ),
      ],
      usageMetadata: { promptTokenCount: 61, candidatesTokenCount: 14, totalTokenCount: 130, thoughtsTokenCount: 55 },
      ...facts,
    },
    expected: { input: 61, output: 69, reasoningOutput: 55, finishReason: 'tool_calls' },
  },
  {
    name: 'whole, malformed function call: no content',
    source: documentation,
    api: 'gemini',
    whole: {
      candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL', index: 0, finishMessage: 'get_tide(port=' }],
      usageMetadata: { promptTokenCount: 63, totalTokenCount: 63 },
      ...facts,
    },
    expected: { input: 63, finishReason: 'other' },
  },
  {
    name: 'whole, stopped for safety',
    source: documentation,
    api: 'gemini',
    whole: {
      candidates: [
        {
          finishReason: 'SAFETY',
          index: 0,
          safetyRatings: [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true }],
        },
      ],
      usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 3, totalTokenCount: 12 },
      ...facts,
    },
    expected: { input: 9, output: 3, finishReason: 'other' },
  },
  {
    name: 'whole, blocked prompt: no candidates',
    source: documentation,
    api: 'gemini',
    whole: {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 },
      ...facts,
    },
    expected: { input: 8, finishReason: 'other' },
  },
  {
    name: 'embedContent, no count',
    source: embeddingDocumentation,
    api: 'gemini',
    whole: { embedding: { values: [-0.022374554, -0.004560777, 0.013309286] } },
    expected: { finishReason: 'stop' },
  },
  {
    name: 'embedContent, usage of a newer model',
    source: embeddingDocumentation,
    api: 'gemini',
    whole: {
      embedding: { values: [0.0117, -0.0235, 0.0071] },
      usageMetadata: { promptTokenCount: 6, promptTokenDetails: [{ modality: 'TEXT', tokenCount: 6 }] },
    },
    expected: { input: 6, finishReason: 'stop' },
  },
  {
    name: 'countTokens: a count, but no consumption',
    source: 'https://ai.google.dev/api/tokens',
    api: 'gemini',
    whole: { totalTokens: 31, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 31 }] },
    expected: { finishReason: 'stop' },
  },
  {
    name: 'quota exceeded',
    source: errorDocumentation,
    api: 'gemini',
    status: 429,
    whole: {
      error: { code: 429, message: 'You exceeded your current quota.', status: 'RESOURCE_EXHAUSTED', details: [] },
    },
    expected: { finishReason: 'error', error: 'ModelRateLimitError' },
  },
  {
    name: 'unknown model',
    source: errorDocumentation,
    api: 'gemini',
    status: 404,
    whole: {
      error: { code: 404, message: 'models/gemini-99 is not found for API version v1beta.', status: 'NOT_FOUND' },
    },
    expected: { finishReason: 'error', error: 'ModelNotFoundError' },
  },
  {
    name: 'overloaded model',
    source: errorDocumentation,
    api: 'gemini',
    status: 503,
    whole: { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } },
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
];
