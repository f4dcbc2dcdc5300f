import { defaultOllamaModel, embeddedName } from '@tinyllm/executor';
import { llamaCppName } from '@tinyllm/executor/servers';
import { checkLlamaCpp } from './check-llama-cpp.js';
import { checkOllama } from './check-ollama.js';
import { checkOpenAI } from './check-openai.js';
import { type Finding, failed, ok } from './finding.js';

/** The flags and environment that select the model, as in `run`. */
export interface ProviderCheck {
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const embedded = ok(embeddedName, 'answers in this process; it is not a language model');

/** Checks the selected provider, or the one that `run` would use by default. */
export async function checkProvider(options: ProviderCheck): Promise<readonly Finding[]> {
  const { provider, model, baseUrl, environment } = options;
  const host = baseUrl ?? environment.OLLAMA_HOST;
  switch (provider ?? (baseUrl === undefined ? undefined : 'openai')) {
    case 'ollama':
      return checkOllama({ host, model: model ?? defaultOllamaModel });
    case 'openai':
      return checkOpenAI({
        baseUrl: baseUrl ?? environment.OPENAI_BASE_URL,
        apiKey: environment.OPENAI_API_KEY,
        model,
      });
    case llamaCppName:
      return checkLlamaCpp(model);
    case embeddedName:
      return [model === undefined || model === embeddedName ? embedded : unknownEmbeddedModel(model)];
    default:
      return model === embeddedName ? [embedded] : checkDefaultProvider(host, model);
  }
}

/** Checks Ollama. Without it, `run` uses the embedded client, unless a model is selected. */
async function checkDefaultProvider(host: string | undefined, model: string | undefined): Promise<readonly Finding[]> {
  const findings = await checkOllama({ host, model });
  if (model !== undefined || findings.every(({ verdict }) => verdict === 'ok')) return findings;
  return [
    ...findings.map((finding): Finding => (finding.verdict === 'failed' ? { ...finding, verdict: 'note' } : finding)),
    embedded,
  ];
}

function unknownEmbeddedModel(model: string): Finding {
  return failed('model', `the embedded client has no model ${model}`, `--provider ollama --model ${model}`);
}
