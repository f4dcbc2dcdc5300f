import { isFields } from './usage.js';

type Fields = Readonly<Record<string, unknown>>;

/** Events without output in the streams of the AI SDK; its others carry some. */
const aiSdkFrames: ReadonlySet<string> = new Set([
  'start',
  'stream-start',
  'response-metadata',
  'start-step',
  'finish-step',
  'finish',
  'text-start',
  'text-end',
  'reasoning-start',
  'reasoning-end',
  'tool-input-start',
  'tool-input-end',
  'error',
  'abort',
]);

/** Events of Anthropic's streams; only `content_block_delta` carries output. */
const anthropicFrames: ReadonlySet<string> = new Set([
  'ping',
  'message_start',
  'message_delta',
  'message_stop',
  'content_block_start',
  'content_block_stop',
]);

/** Where a message, or a piece of one, has what a model said: text, thoughts, calls of tools, sound. */
const outputFields = [
  'content',
  'thinking',
  'reasoning',
  'reasoning_content',
  'refusal',
  'tool_calls',
  'tool_call_chunks',
  'function_call',
  'audio',
] as const;

/**
 * Whether a chunk of a stream carries what a model said, rather than only frames it: says who speaks, that an answer
 * begins or has ended, what it took.
 *
 * Known are the chunks of Ollama, OpenAI (both APIs), Anthropic, the AI SDK, LangChain and our own clients; any other
 * chunk is taken to carry output.
 */
export function carriesOutput(chunk: unknown): boolean {
  if (!isFields(chunk)) return chunk !== '';
  const { type, choices, done, message } = chunk;
  if (typeof type === 'string' && isFrame(type)) return false;
  if (Array.isArray(choices)) return choices.some(saysSomething);
  if (typeof done === 'boolean') return isSomething(chunk.response) || hasOutput(isFields(message) ? message : chunk);
  if (typeof chunk.text === 'string' && type === undefined) return chunk.text !== '';
  if (Array.isArray(chunk.tool_call_chunks)) return hasOutput(chunk);
  return true;
}

function isFrame(type: string): boolean {
  // The Responses API's events end in what happened: only a delta carries output.
  if (type.startsWith('response.')) return !type.endsWith('.delta');
  return aiSdkFrames.has(type) || anthropicFrames.has(type);
}

function saysSomething(choice: unknown): boolean {
  if (!isFields(choice)) return false;
  return isSomething(choice.text) || (isFields(choice.delta) && hasOutput(choice.delta));
}

function hasOutput(message: Fields): boolean {
  return outputFields.some((field) => isSomething(message[field]));
}

function isSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '';
}
