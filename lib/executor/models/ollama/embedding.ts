import { brokenAnswer } from 'tinyllm/recording';
import { statedVectors } from '../http/vectors.js';
import type { EmbedResponse } from '../model-client.js';
import { type OllamaCounts, timingsIn, usageIn } from './counts.js';
import { ollamaFacts } from './ollama-facts.js';

/** Which question an answer belongs to. */
export interface EmbeddingQuestion {
  readonly url: string;
  readonly model: string;
  readonly texts: readonly string[];
}

/** Reads an answer of `/api/embed`. Throws a `ModelProtocolError` when it lacks a vector for each text. */
export function readEmbedding(
  answer: OllamaCounts & { readonly embeddings?: unknown },
  { url, model, texts }: EmbeddingQuestion,
): Omit<EmbedResponse, 'model'> {
  const vectors = statedVectors(answer.embeddings, texts.length);
  if (vectors === undefined) throw brokenAnswer(ollamaFacts(url, model), 'did not send a vector for each text');
  return { vectors, usage: usageIn(answer), timings: timingsIn(answer) };
}
