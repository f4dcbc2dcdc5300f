import type { CallFacts } from 'tinyllm/recording';

/** Which call errors belong to. */
export interface OpenAICallFacts {
  readonly url: string;
  readonly key: string | undefined;
  /** Left out where no model is asked. */
  readonly model?: string | undefined;
}

/** The words that errors of a call to an OpenAI-compatible server use. */
export function openaiFacts({ url, key, model }: OpenAICallFacts): CallFacts {
  return {
    provider: 'openai',
    name: 'The OpenAI-compatible server',
    url,
    setting: 'The base URL',
    usualPort: 8080,
    whenAbsent: 'start it, or set OPENAI_BASE_URL or --base-url to where it runs',
    whenOther: 'is that the base URL of an OpenAI-compatible server? Most end in /v1',
    whenMissing: () => 'choose one that `tinyllm models list --provider openai` shows',
    whenLocked: key === undefined ? 'set OPENAI_API_KEY to a key of that server' : 'it does not take the key it got',
    ...(key === undefined ? {} : { secret: key }),
    ...(model === undefined ? {} : { model }),
  };
}
