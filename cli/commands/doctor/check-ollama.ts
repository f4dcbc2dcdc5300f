import { defaultOllamaModel } from '@tinyllm/executor';
import { OllamaServer } from '@tinyllm/executor/servers';
import { readableBytes } from '../../terminal/readable-bytes.js';
import { countedModels } from './counted-models.js';
import { type Finding, failed, failedBy, ok } from './finding.js';

/** Which Ollama, and which of its models. */
export interface OllamaCheck {
  /** In any form `OLLAMA_HOST` may have. */
  readonly host: string | undefined;
  /** Default the one that `run` would take. */
  readonly model: string | undefined;
}

const answerWithin = 5000;

/** Looks whether Ollama answers, and has the model. */
export async function checkOllama({ host, model }: OllamaCheck): Promise<readonly Finding[]> {
  let url = '';
  try {
    const server = new OllamaServer(host);
    url = server.url;
    const signal = AbortSignal.timeout(answerWithin);
    const [version, pulled] = await Promise.all([server.version(signal), server.pulledModels(signal)]);
    const chatting = pulled.filter(({ chats }) => chats);
    const names = chatting.map(({ name }) => name);
    const asked = model ?? (names.includes(defaultOllamaModel) ? defaultOllamaModel : names[0]);
    const found = chatting.find(({ name }) => name === asked || name === `${asked}:latest`);
    return [
      ok('ollama', `${version} answers at ${url}, with ${countedModels(pulled.length)}`),
      found === undefined
        ? failed('model', lacking(asked, names), `ollama pull ${asked ?? defaultOllamaModel}`)
        : ok(
            'model',
            [found.name, ...(found.sizeBytes === undefined ? [] : [readableBytes(found.sizeBytes)])].join(', '),
          ),
    ];
  } catch (error) {
    if (Object(error).name === 'TimeoutError') {
      return [failed('ollama', `no answer at ${url} within ${answerWithin / 1000} s`, 'start it again: ollama serve')];
    }
    return [failedBy('ollama', error)];
  }
}

function lacking(asked: string | undefined, names: readonly string[]): string {
  if (asked === undefined) return 'Ollama has no model that could answer';
  return `Ollama does not have ${asked}${names.length === 0 ? '' : `, but ${names.join(', ')}`}`;
}
