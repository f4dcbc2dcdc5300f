import type { CorpusCase } from '../corpus-case.js';
import { chat } from './chat.js';
import { completions, embeddings } from './completions.js';
import { errors } from './errors.js';
import { responses } from './responses.js';
import { streamedChat } from './streamed-chat.js';

/** Responses of OpenAI's API. */
export const openai: readonly CorpusCase[] = [
  ...chat,
  ...streamedChat,
  ...completions,
  ...embeddings,
  ...responses,
  ...errors,
];
