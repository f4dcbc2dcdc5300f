/** Tokens of one request; left out where they are not known. */
export interface TokenUsage {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

// Where providers put their counts: OpenAI chat and completions, the Responses API and Anthropic, the AI SDK.
const INPUT_FIELDS = ['inputTokens', 'prompt_tokens', 'input_tokens'] as const;
const OUTPUT_FIELDS = ['outputTokens', 'completion_tokens', 'output_tokens'] as const;

/**
 * Reads the tokens off a result, or a chunk of a stream, of Ollama, OpenAI, Anthropic, the AI SDK or LangChain.
 *
 * Nothing is read from an AI SDK stream result, whose getters would consume the stream.
 */
export function defaultUsage(result: unknown): TokenUsage | undefined {
  if (!isFields(result) || isLazyResult(result)) return undefined;
  const { usage } = result;
  if (isFields(usage)) return tokensOf(usage, INPUT_FIELDS, OUTPUT_FIELDS);
  if (isFields(result.usage_metadata)) return tokensOf(result.usage_metadata, INPUT_FIELDS, OUTPUT_FIELDS);
  if (isFields(result.message)) return defaultMessageUsage(result.message, result);
  if (isFields(result.response)) return defaultUsage(result.response);
  return ollamaUsage(result);
}

/** Anthropic's first stream event carries its usage in `message`; Ollama's chat answer has a `message` without one. */
function defaultMessageUsage(message: Fields, result: Fields): TokenUsage | undefined {
  return isFields(message.usage) ? tokensOf(message.usage, INPUT_FIELDS, OUTPUT_FIELDS) : ollamaUsage(result);
}

function ollamaUsage(result: Fields): TokenUsage | undefined {
  return tokensOf(result, ['prompt_eval_count'], ['eval_count']);
}

function tokensOf(fields: Fields, input: readonly string[], output: readonly string[]): TokenUsage | undefined {
  const inputTokens = firstCount(fields, input);
  const outputTokens = firstCount(fields, output);
  return inputTokens === undefined && outputTokens === undefined ? undefined : { inputTokens, outputTokens };
}

function firstCount(fields: Fields, names: readonly string[]): number | undefined {
  for (const name of names) {
    const count = fields[name];
    if (typeof count === 'number') return count;
  }
  return undefined;
}

/** Whether reading a result's getters would start work: the AI SDK's stream results consume their stream. */
export function isLazyResult(result: object): boolean {
  return Object.getPrototypeOf(result) !== Object.prototype && 'textStream' in result;
}

/** Whether a value has fields to look at. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
