import { providerNames } from '@tinyllm/executor/settings';
import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import { inGroup } from '../command/flag.js';
import { providerFlags, readBaseUrl } from './provider.js';
import { resilienceFlags } from './resilience.js';

/** The flags that select the model. */
export interface ModelOptions {
  /** Default: `openai` with a base URL; otherwise Ollama if it responds, or else the embedded client. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  /** The URL of the model server. Default: the environment variable of the provider. */
  readonly baseUrl?: string | undefined;
}

/** Flags that select the model, its retries, fallbacks and limits. */
export const modelFlags = inGroup('Models', {
  provider: {
    ...text,
    accepts: providerNames,
    describe: 'Model provider: embedded, ollama, openai for any OpenAI-compatible server, or llama-cpp for a GGUF file',
    defaultDescription: 'openai with --base-url; ollama if it responds, else embedded',
  },
  model: { ...text, describe: "The model's name at its provider; for llama-cpp the path of a GGUF file" },
  ...providerFlags,
  ...resilienceFlags,
});

/** Reads the selected model. Throws a `UsageError`. */
export function readModel(args: CommandArguments): ModelOptions {
  const provider = args.choice('provider', providerNames);
  return { provider, baseUrl: readBaseUrl(args, provider), model: args.text('model', 'the name of a model') };
}
