import { azure } from './azure/cases.js';
import type { CorpusCase } from './corpus-case.js';
import { deepseek } from './deepseek/cases.js';
import { geminiOpenai } from './gemini-openai/cases.js';
import { groq } from './groq/cases.js';
import { koboldcpp } from './koboldcpp/cases.js';
import { llamaCpp } from './llama-cpp/cases.js';
import { lmStudio } from './lm-studio/cases.js';
import { mistral } from './mistral/cases.js';
import { openai } from './openai/cases.js';
import { openrouter } from './openrouter/cases.js';
import { sglang } from './sglang/cases.js';
import { tgi } from './tgi/cases.js';
import { together } from './together/cases.js';
import { vllm } from './vllm/cases.js';

/** The responses of the providers with an OpenAI-compatible API, by the name of their folder. */
export const openaiCompatible: ReadonlyMap<string, readonly CorpusCase[]> = new Map([
  ['openai', openai],
  ['azure', azure],
  ['vllm', vllm],
  ['sglang', sglang],
  ['llama-cpp', llamaCpp],
  ['lm-studio', lmStudio],
  ['koboldcpp', koboldcpp],
  ['tgi', tgi],
  ['groq', groq],
  ['mistral', mistral],
  ['deepseek', deepseek],
  ['openrouter', openrouter],
  ['together', together],
  ['gemini-openai', geminiOpenai],
]);
