import { defaultOllamaModel, embeddedName } from '@tinyllm/executor';
import { llamaCppName } from '@tinyllm/executor/servers';
import { checkLlamaCpp } from './check-llama-cpp.js';
import { checkOllama } from './check-ollama.js';
import { checkOpenAI } from './check-openai.js';
import { type Finding, failed, ok } from './finding.js';

/** Who is to answer, as `run` takes it. */
export interface ProviderCheck {
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const embedded = ok(embeddedName, 'computes in process; it is no language model');

/** Looks whether the provider works that was named, or that `run` would take. */
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
      return [model === undefined || model === embeddedName ? embedded : notEmbedded(model)];
    default:
      return model === embeddedName ? [embedded] : whoeverIsThere(host, model);
  }
}

/** Without Ollama the embedded client answers, unless a model was asked for. */
async function whoeverIsThere(host: string | undefined, model: string | undefined): Promise<readonly Finding[]> {
  const findings = await checkOllama({ host, model });
  if (model !== undefined || findings.every(({ verdict }) => verdict === 'ok')) return findings;
  return [
    ...findings.map((finding): Finding => (finding.verdict === 'failed' ? { ...finding, verdict: 'note' } : finding)),
    embedded,
  ];
}

function notEmbedded(model: string): Finding {
  return failed('model', `the embedded client has no model ${model}`, `--provider ollama --model ${model}`);
}
