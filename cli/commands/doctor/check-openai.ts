import { OpenAIServer } from '@tinyllm/executor/servers';
import { ModelAccessError } from 'tinyllm/recording';
import { type Finding, failed, failedWith, ok } from './finding.js';
import { formatModelCount } from './format-model-count.js';

/** The OpenAI-compatible server and model to check. */
export interface OpenAICheck {
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  /** Default: the model of the server, if it has exactly one. */
  readonly model: string | undefined;
}

const timeoutMilliseconds = 10_000;
/** The maximum number of models in a message. */
const shownModels = 5;

/** Checks that an OpenAI-compatible server responds, accepts the key, and has the model. */
export async function checkOpenAI({ baseUrl, apiKey, model }: OpenAICheck): Promise<readonly Finding[]> {
  let url = '';
  try {
    const server = new OpenAIServer({ baseUrl, apiKey });
    url = server.url;
    const names = await server.models(AbortSignal.timeout(timeoutMilliseconds));
    const key = apiKey === undefined ? 'without an API key' : 'and accepts the API key';
    return [
      ok('openai', `responds at ${url} ${key}; it has ${formatModelCount(names.length)}`),
      modelFinding(names, model),
    ];
  } catch (error) {
    if (Object(error).name === 'TimeoutError') {
      const found = `no response from ${url} within ${timeoutMilliseconds / 1000} s`;
      return [failed('openai', found, 'start the server, or correct --base-url')];
    }
    const needsKey = error instanceof ModelAccessError;
    return [failedWith('openai', error, needsKey ? 'set OPENAI_API_KEY to a key of that server' : undefined)];
  }
}

function modelFinding(names: readonly string[], model: string | undefined): Finding {
  const more = names.length > shownModels ? ', …' : '';
  const listed = names.length === 0 ? 'none' : `${names.slice(0, shownModels).join(', ')}${more}`;
  const fix = `--model ${names[0] ?? 'NAME'}`;
  if (model === undefined) {
    const [only] = names;
    return only !== undefined && names.length === 1
      ? ok('model', only)
      : failed(
          'model',
          `no model is selected, and the server has ${names.length === 0 ? 'none' : `several: ${listed}`}`,
          fix,
        );
  }
  return names.includes(model)
    ? ok('model', model)
    : failed('model', `the server does not have ${model}; its models: ${listed}`, fix);
}
