import { OpenAIServer } from '@tinyllm/executor/servers';
import { ModelAccessError } from 'tinyllm/recording';
import { countedModels } from './counted-models.js';
import { type Finding, failed, failedBy, ok } from './finding.js';

/** Which OpenAI-compatible server, and which of its models. */
export interface OpenAICheck {
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  /** Default the one it has, if it has one alone. */
  readonly model: string | undefined;
}

const answerWithin = 10_000;
/** Of a long list of models, as many are named. */
const shownModels = 5;

/** Looks whether an OpenAI-compatible server answers, takes the key, and has the model. */
export async function checkOpenAI({ baseUrl, apiKey, model }: OpenAICheck): Promise<readonly Finding[]> {
  let url = '';
  try {
    const server = new OpenAIServer({ baseUrl, apiKey });
    url = server.url;
    const names = await server.models(AbortSignal.timeout(answerWithin));
    const key = apiKey === undefined ? 'without a key' : 'and takes the key';
    return [ok('openai', `answers at ${url} ${key}, with ${countedModels(names.length)}`), modelFinding(names, model)];
  } catch (error) {
    if (Object(error).name === 'TimeoutError') {
      const found = `no answer at ${url} within ${answerWithin / 1000} s`;
      return [failed('openai', found, 'start the server, or see --base-url')];
    }
    const isLocked = error instanceof ModelAccessError;
    return [failedBy('openai', error, isLocked ? 'export OPENAI_API_KEY=…, a key of that server' : undefined)];
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
      : failed('model', `none was named, and there is not one alone: ${listed}`, fix);
  }
  return names.includes(model)
    ? ok('model', model)
    : failed('model', `${model} is not among its models: ${listed}`, fix);
}
