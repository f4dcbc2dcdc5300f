import { defaultOllamaModel } from '@tinyllm/executor';
import { OllamaServer } from '@tinyllm/executor/servers';
import { readableBytes } from '../../terminal/readable-bytes.js';
import { type Finding, failed, failedWith, ok } from './finding.js';
import { formatModelCount } from './format-model-count.js';

/** The Ollama server and model to check. */
export interface OllamaCheck {
  /** In any format of `OLLAMA_HOST`. */
  readonly host: string | undefined;
  /** Default: the model that `run` would use. */
  readonly model: string | undefined;
}

const timeoutMilliseconds = 5000;

/** Checks that Ollama responds and has the model. */
export async function checkOllama({ host, model }: OllamaCheck): Promise<readonly Finding[]> {
  let url = '';
  try {
    const server = new OllamaServer(host);
    url = server.url;
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const [version, pulled] = await Promise.all([server.version(signal), server.pulledModels(signal)]);
    const chatting = pulled.filter(({ chats }) => chats);
    const names = chatting.map(({ name }) => name);
    const requested = model ?? (names.includes(defaultOllamaModel) ? defaultOllamaModel : names[0]);
    const found = chatting.find(({ name }) => name === requested || name === `${requested}:latest`);
    return [
      ok('ollama', `${version} responds at ${url} and has ${formatModelCount(pulled.length)}`),
      found === undefined
        ? failed('model', missingModel(requested, names), `ollama pull ${requested ?? defaultOllamaModel}`)
        : ok(
            'model',
            [found.name, ...(found.sizeBytes === undefined ? [] : [readableBytes(found.sizeBytes)])].join(', '),
          ),
    ];
  } catch (error) {
    if (Object(error).name === 'TimeoutError') {
      return [
        failed(
          'ollama',
          `no response from ${url} within ${timeoutMilliseconds / 1000} s`,
          'restart Ollama: ollama serve',
        ),
      ];
    }
    return [failedWith('ollama', error)];
  }
}

function missingModel(requested: string | undefined, names: readonly string[]): string {
  if (requested === undefined) return 'Ollama has no chat model';
  return `Ollama does not have ${requested}${names.length === 0 ? '' : `; it has ${names.join(', ')}`}`;
}
