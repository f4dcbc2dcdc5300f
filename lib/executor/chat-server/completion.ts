import type { RunResult } from '../graph/run-result.js';

/** What an answer and each piece of it begin with. */
export interface CompletionHead {
  readonly id: string;
  /** When the answer was begun, in seconds since 1970. */
  readonly created: number;
  /** The graph's name. */
  readonly model: string;
}

/** A whole answer in OpenAI's shape. Source: https://platform.openai.com/docs/api-reference/chat/object */
export function completion(head: CompletionHead, result: RunResult): object {
  const message = { role: 'assistant', content: result.answer, refusal: null };
  return {
    ...{ id: head.id, object: 'chat.completion', created: head.created, model: head.model },
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(result) }],
    usage: usageOf(result),
  };
}

/** The pieces of a streamed answer. Source: https://platform.openai.com/docs/api-reference/chat-streaming */
export class CompletionChunks {
  readonly #head: CompletionHead;
  readonly #includeUsage: boolean;

  /** With the usage, every piece but the last says that it has none. */
  constructor(head: CompletionHead, includeUsage: boolean) {
    this.#head = head;
    this.#includeUsage = includeUsage;
  }

  /** What comes before the first text. */
  role(): object {
    return this.#chunk([choice({ role: 'assistant', content: '' })]);
  }

  text(content: string): object {
    return this.#chunk([choice({ content })]);
  }

  /** What comes behind the last text. */
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

/** OpenAI has no word for most of the others, and clients know none but its own. */
function finishReason(result: RunResult): 'length' | 'stop' {
  return result.finishReason === 'length' ? 'length' : 'stop';
}

/** The tokens of all models the run asked. */
function usageOf({ usage: { inputTokens, outputTokens } }: RunResult): object {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}
