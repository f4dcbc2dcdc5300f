import type { ChatRequest, Message } from 'ollama';
import type { ModelRequest } from '../model-client.js';

/** Converts a request to Ollama's format. */
export function ollamaRequest(
  { prompt, system, history = [], maxTokens, temperature, format }: ModelRequest,
  { model, keepAlive }: { readonly model: string; readonly keepAlive: string | number | undefined },
): Omit<ChatRequest, 'stream'> {
  const messages: Message[] = [
    ...(system === undefined ? [] : [{ role: 'system', content: system }]),
    ...history.map(({ role, content }) => ({ role, content })),
    { role: 'user', content: prompt },
  ];
  const options = {
    ...(maxTokens === undefined ? {} : { num_predict: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
  return {
    model,
    messages,
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(format === undefined ? {} : { format }),
    ...ollamaKeepAlive(keepAlive),
  };
}

/** Returns `keep_alive` in Ollama's format. Seconds are sent as a number, because Ollama rejects the text "300". */
export function ollamaKeepAlive(keepAlive: string | number | undefined): { readonly keep_alive?: string | number } {
  if (keepAlive === undefined) return {};
  return { keep_alive: /^-?\d+$/.test(String(keepAlive)) ? Number(keepAlive) : keepAlive };
}
