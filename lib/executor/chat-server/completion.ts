import type { RunResult } from '../graph/run-result.js';

/** The common fields of a completion and of its chunks. */
export interface CompletionHead {
  readonly id: string;
  /** Time of the request, in seconds since 1970. */
  readonly created: number;
  /** The graph's name. */
  readonly model: string;
}

/** A complete answer in OpenAI's format. Source: https://platform.openai.com/docs/api-reference/chat/object */
export function completion(head: CompletionHead, result: RunResult): object {
  const message = { role: 'assistant', content: result.answer, refusal: null };
  return {
    ...{ id: head.id, object: 'chat.completion', created: head.created, model: head.model },
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(result) }],
    usage: usageOf(result),
  };
}

/** Creates the chunks of a streamed answer. Source: https://platform.openai.com/docs/api-reference/chat-streaming */
export class CompletionChunks {
  readonly #head: CompletionHead;
  readonly #includeUsage: boolean;

  /**
   * @param includeUsage If true, the last chunk contains the token usage, and all other chunks contain `usage: null`.
   */
  constructor(head: CompletionHead, includeUsage: boolean) {
    this.#head = head;
    this.#includeUsage = includeUsage;
  }

  /** The chunk before the first text. */
  role(): object {
    return this.#chunk([choice({ role: 'assistant', content: '' })]);
  }

  text(content: string): object {
    return this.#chunk([choice({ content })]);
  }

  /** The chunks after the last text. */
  end(result: RunResult): readonly object[] {
    const finished = this.#chunk([choice({}, finishReason(result))]);
    return this.#includeUsage ? [finished, this.#chunk([], usageOf(result))] : [finished];
  }

  #chunk(choices: readonly object[], usage: object | null = null): object {
    const { id, created, model } = this.#head;
    const head = { id, object: 'chat.completion.chunk', created, model, choices };
    return this.#includeUsage ? { ...head, usage } : head;
  }
}

function choice(delta: object, finish: string | null = null): object {
  return { index: 0, delta, logprobs: null, finish_reason: finish };
}

/** Maps the finish reason to OpenAI's values. Clients do not know other values. */
function finishReason(result: RunResult): 'length' | 'stop' {
  return result.finishReason === 'length' ? 'length' : 'stop';
}

/** The tokens of all model calls of the run. */
function usageOf({ usage: { inputTokens, outputTokens } }: RunResult): object {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}
