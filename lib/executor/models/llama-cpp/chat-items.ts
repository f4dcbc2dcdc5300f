import type { ChatMessage, ModelRequest } from '../model-client.js';
import type { LlamaChatItem } from './llama-library.js';

/** A request as llama.cpp takes a conversation. */
export function chatItems({ system, history = [], prompt }: Omit<ModelRequest, 'signal'>): readonly LlamaChatItem[] {
  const turns = history.map(chatItem);
  return [...(system === undefined ? [] : [instructions(system)]), ...turns, { type: 'user', text: prompt }];
}

/** The same without its earliest turn, to the next question; undefined when there is none to leave out. */
export function withoutEarliest(history: readonly ChatMessage[]): readonly ChatMessage[] | undefined {
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
