import type { CallFacts } from 'tinyllm/recording';

/** Which call to an Ollama server errors belong to, and the words they use. */
export function ollamaFacts(url: string, model?: string): CallFacts {
  return {
    provider: 'ollama',
    name: 'Ollama',
    url,
    setting: 'OLLAMA_HOST',
    usualPort: 11_434,
    whenAbsent: 'start it with `ollama serve`, or set OLLAMA_HOST to where it runs',
    whenOther: "is that address Ollama's? See OLLAMA_HOST",
    whenMissing: (missing) => `get it with \`ollama pull ${missing}\``,
    whenLocked: 'write user and password into OLLAMA_HOST, as in https://user:password@host',
    ...(model === undefined ? {} : { model }),
  };
}
