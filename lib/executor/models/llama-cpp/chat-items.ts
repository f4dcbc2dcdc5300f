import type { ChatMessage, ModelRequest } from '../model-client.js';
import type { LlamaChatItem } from './llama-library.js';

/** Converts a request to a conversation of node-llama-cpp. */
export function chatItems({ system, history = [], prompt }: Omit<ModelRequest, 'signal'>): readonly LlamaChatItem[] {
  const turns = history.map(chatItem);
  return [...(system === undefined ? [] : [instructions(system)]), ...turns, { type: 'user', text: prompt }];
}

/** Removes the oldest question and its answer. Returns undefined if the history contains only instructions. */
export function withoutOldestTurn(history: readonly ChatMessage[]): readonly ChatMessage[] | undefined {
  const from = history.findIndex(({ role }) => role !== 'system');
  if (from < 0) return undefined;
  const next = history.findIndex(({ role }, index) => index > from && role === 'user');
  return [...history.slice(0, from), ...(next < 0 ? [] : history.slice(next))];
}

function chatItem({ role, content }: ChatMessage): LlamaChatItem {
  if (role === 'assistant') return { type: 'model', response: [content] };
  return role === 'system' ? instructions(content) : { type: 'user', text: content };
}

function instructions(text: string): LlamaChatItem {
  return { type: 'system', text };
}
