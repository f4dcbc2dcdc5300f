import { aiSdk, isAiSdkPart } from './ai-sdk.js';
import { anthropic, isAnthropic } from './anthropic.js';
import { type Fields, isFields } from './fields.js';
import { gemini, isGemini } from './gemini.js';
import { isLangchain, langchain } from './langchain.js';
import { isOllama, ollama } from './ollama.js';
import { isOpenAIChat, isOpenAIError, openaiChat } from './openai-chat.js';
import { isOpenAIResponses, openaiResponses } from './openai-responses.js';
import { plain } from './plain.js';
import type { ResponseReader } from './response-reader.js';
import type { TokenUsage } from './token-usage.js';

/** The reader for results that must not be read. */
const noReader: ResponseReader = {
  usage: () => undefined,
  finishReason: () => undefined,
  callsTools: () => false,
  carriesOutput: () => true,
  isLast: () => false,
  timings: () => undefined,
  errorType: () => undefined,
};

/**
 * Finds the reader for a response or a chunk by its shape.
 *
 * Results of the AI SDK's `streamText` are not read, because their getters would consume the stream.
 */
export function readerOf(response: Fields): ResponseReader {
  if (isLazyResult(response)) return noReader;
  if (isOpenAIChat(response)) return openaiChat;
  if (isOpenAIResponses(response)) return openaiResponses;
  if (isAnthropic(response)) return anthropic;
  if (isAiSdkPart(response) || isFields(response.totalUsage)) return aiSdk;
  if (isOllama(response) && !isFields(response.usage)) return ollama;
  if (isGemini(response)) return gemini;
  if (isLangchain(response)) return langchain;
  return isOpenAIError(response) ? openaiChat : plain;
}

/** Whether reading a result's getters would start work. */
export function isLazyResult(result: object): boolean {
  return Object.getPrototypeOf(result) !== Object.prototype && 'textStream' in result;
}

/** Whether the reader for a specific provider was found. */
export function isRecognized(reader: ResponseReader): boolean {
  return reader !== plain && reader !== noReader;
}

/**
 * Reads the tokens of a response whose reader was chosen by its shape.
 *
 * A result of the application may have a field of one provider and the usage of another.
 */
export function usageByShape(reader: ResponseReader, response: Fields): TokenUsage | undefined {
  return reader.usage(response) ?? (isRecognized(reader) ? plain.usage(response) : undefined);
}
