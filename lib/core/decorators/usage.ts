/** Tokens of one request; left out where they are not known. */
export interface TokenUsage {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the tokens off a result, or a chunk of a stream, of Ollama, OpenAI, Anthropic, the AI SDK or LangChain.
 *
 * Nothing is read from an AI SDK stream result, whose getters would consume the stream.
 */
export function defaultUsage(result: unknown): TokenUsage | undefined {
  if (!isFields(result) || isLazyResult(result)) return undefined;
  const { usage } = result;
  if (isFields(usage)) return tokensOf(usage);
  if (isFields(result.usage_metadata)) return tokensOf(result.usage_metadata);
  if (isFields(result.message)) return defaultMessageUsage(result.message, result);
  if (isFields(result.response)) return defaultUsage(result.response);
  return ollamaUsage(result);
}

/** Anthropic's first stream event carries its usage in `message`; Ollama's chat answer has a `message` without one. */
function defaultMessageUsage(message: Fields, result: Fields): TokenUsage | undefined {
  return isFields(message.usage) ? tokensOf(message.usage) : ollamaUsage(result);
}

/** Where providers put their counts: the AI SDK; OpenAI chat and completions; the Responses API and Anthropic. */
function tokensOf(fields: Fields): TokenUsage | undefined {
  return usageOf(
    count(fields.inputTokens) ?? count(fields.prompt_tokens) ?? count(fields.input_tokens),
    count(fields.outputTokens) ?? count(fields.completion_tokens) ?? count(fields.output_tokens),
  );
}

function ollamaUsage(result: Fields): TokenUsage | undefined {
  return usageOf(count(result.prompt_eval_count), count(result.eval_count));
}

function usageOf(inputTokens: number | undefined, outputTokens: number | undefined): TokenUsage | undefined {
  return inputTokens === undefined && outputTokens === undefined ? undefined : { inputTokens, outputTokens };
}

/** A number of tokens; the AI SDK's models tell it as a total and what that is made of. */
function count(value: unknown): number | undefined {
  const tokens = isFields(value) ? value.total : value;
  return typeof tokens === 'number' ? tokens : undefined;
}

/** Whether reading a result's getters would start work: the AI SDK's stream results consume their stream. */
export function isLazyResult(result: object): boolean {
  return Object.getPrototypeOf(result) !== Object.prototype && 'textStream' in result;
}

/** Whether a value has fields to look at. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
