import { brokenAnswer } from 'tinyllm/recording';
import { parseVectors } from '../http/vectors.js';
import type { EmbedResponse } from '../model-client.js';
import { type OllamaCounts, timingsIn, usageIn } from './counts.js';
import { ollamaFacts } from './ollama-facts.js';

/** The request that a response belongs to. */
export interface EmbeddingContext {
  readonly url: string;
  readonly model: string;
  readonly texts: readonly string[];
}

/** Parses a response of `/api/embed`. Throws a `ModelProtocolError` if it does not contain one vector per text. */
export function readEmbedding(
  answer: OllamaCounts & { readonly embeddings?: unknown },
  { url, model, texts }: EmbeddingContext,
): Omit<EmbedResponse, 'model'> {
  const vectors = parseVectors(answer.embeddings, texts.length);
  if (vectors === undefined) throw brokenAnswer(ollamaFacts(url, model), 'did not send a vector for each text');
  return { vectors, usage: usageIn(answer), timings: timingsIn(answer) };
}
