import { isFields } from '../providers/fields.js';

/** What LangChain.js tells at the end of a request, as far as it is looked at. */
export interface LangChainOutput {
  readonly generations?: readonly (readonly unknown[])[];
  readonly llmOutput?: unknown;
}

/** The model's name, where LangChain's integrations put it. */
export function langChainModel(extra: unknown, metadata: unknown): string | undefined {
  const { invocation_params: parameters } = Object(extra) as { readonly invocation_params?: unknown };
  const { model, model_name: modelName } = Object(parameters) as Readonly<Record<string, unknown>>;
  const { ls_model_name: stated } = Object(metadata) as Readonly<Record<string, unknown>>;
  return [model, modelName, stated].find((name) => typeof name === 'string');
}

/** What an answer tells of its request, in the shape of LangChain's messages: tokens and finish reason. */
export function langChainFacts({ generations, llmOutput }: LangChainOutput): object {
  const generation: unknown = generations?.[0]?.[0];
  const { message, generationInfo } = Object(generation) as {
    readonly message?: unknown;
    readonly generationInfo?: unknown;
  };
  const { usage_metadata: usage, response_metadata: metadata } = Object(message) as Readonly<Record<string, unknown>>;
  return {
    usage_metadata: usage ?? tokenUsage(llmOutput),
    response_metadata: { ...Object(generationInfo), ...Object(metadata) },
  };
}

/** The older place of the counts, the only one of models that are no chat models. */
function tokenUsage(llmOutput: unknown): object | undefined {
  const { tokenUsage: usage } = Object(llmOutput) as { readonly tokenUsage?: unknown };
  return isFields(usage) ? { input_tokens: usage.promptTokens, output_tokens: usage.completionTokens } : undefined;
}
