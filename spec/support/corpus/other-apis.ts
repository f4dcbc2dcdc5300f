import { aiSdkV4 } from './ai-sdk/v4.js';
import { aiSdkV5 } from './ai-sdk/v5.js';
import { aiSdkV6 } from './ai-sdk/v6.js';
import { aiSdkV7 } from './ai-sdk/v7.js';
import { anthropic } from './anthropic/cases.js';
import { anthropicStreamed } from './anthropic/streamed.js';
import type { CorpusCase } from './corpus-case.js';
import { gemini } from './gemini/cases.js';
import { geminiStreamed } from './gemini/streamed.js';
import { langchain } from './langchain/cases.js';
import { langchainResults } from './langchain/results.js';
import { langchainStreamed } from './langchain/streamed.js';
import { ollama } from './ollama/cases.js';
import { ollamaGenerate } from './ollama/generate.js';
import { ollamaMessages } from './ollama-messages/cases.js';

/** The corpus by provider, except for the APIs that follow OpenAI's. The keys are the names of the folders. */
export const otherApis: ReadonlyMap<string, readonly CorpusCase[]> = new Map([
  ['ollama', [...ollama, ...ollamaGenerate]],
  ['anthropic', [...anthropic, ...anthropicStreamed]],
  ['ollama-messages', ollamaMessages],
  ['gemini', [...gemini, ...geminiStreamed]],
  ['ai-sdk', [...aiSdkV4, ...aiSdkV5, ...aiSdkV6, ...aiSdkV7]],
  ['langchain', [...langchain, ...langchainStreamed, ...langchainResults]],
]);
