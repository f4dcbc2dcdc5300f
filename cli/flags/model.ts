import { providerNames } from '@tinyllm/executor/settings';
import { text } from '../command/common-flags.js';
import { inGroup } from '../command/flag.js';
import type { Given } from '../command/given.js';
import { providerFlags, readBaseUrl } from './provider.js';
import { resilienceFlags } from './resilience.js';

/** Who is to answer, as flags say it. */
export interface ModelOptions {
  /** Default Ollama when it answers, else embedded. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  /** Where the model's server is; default what the provider's variable says. */
  readonly baseUrl?: string | undefined;
}

/** Flags of who is to answer, and what is done for an answer. */
export const modelFlags = inGroup('Models', {
  provider: {
    ...text,
    accepts: providerNames,
    describe: 'Who answers: embedded, ollama, openai for any OpenAI-compatible server, or llama-cpp for a GGUF file',
    defaultDescription: 'openai with --base-url; ollama when it answers, else embedded',
  },
  model: { ...text, describe: "Model to ask, by the provider's name for it; for llama-cpp a file" },
  ...providerFlags,
  ...resilienceFlags,
});

/** Reads who is to answer. Throws a `UsageError`. */
export function readModel(given: Given): ModelOptions {
  const provider = given.choice('provider', providerNames);
  return { provider, baseUrl: readBaseUrl(given, provider), model: given.text('model', 'the name of a model') };
}
