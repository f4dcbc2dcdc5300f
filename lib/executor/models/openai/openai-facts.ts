import type { CallFacts } from 'tinyllm/recording';

/** The call that an error belongs to. */
export interface OpenAICallFacts {
  readonly url: string;
  readonly key: string | undefined;
  /** Undefined if the call does not concern a model. */
  readonly model?: string | undefined;
}

/** Returns the facts and hints for errors of a call to an OpenAI-compatible server. */
export function openaiFacts({ url, key, model }: OpenAICallFacts): CallFacts {
  return {
    provider: 'openai',
    name: 'The OpenAI-compatible server',
    url,
    setting: 'The base URL',
    usualPort: 8080,
    whenAbsent: 'start it, or set OPENAI_BASE_URL or --base-url to its address',
    whenOther: 'check that this is the base URL of an OpenAI-compatible server; most end in /v1',
    whenMissing: () => 'choose a model from `tinyllm models list --provider openai`',
    whenLocked:
      key === undefined ? 'set OPENAI_API_KEY to a key of that server' : 'the server rejected the API key; check it',
    ...(key === undefined ? {} : { secret: key }),
    ...(model === undefined ? {} : { model }),
  };
}
