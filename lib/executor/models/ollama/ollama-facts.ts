import type { CallFacts } from 'tinyllm/recording';

/** Returns the facts and hints for errors of a call to an Ollama server. */
export function ollamaFacts(url: string, model?: string): CallFacts {
  return {
    provider: 'ollama',
    name: 'Ollama',
    url,
    setting: 'OLLAMA_HOST',
    usualPort: 11_434,
    whenAbsent: 'start it with `ollama serve`, or set OLLAMA_HOST to its address',
    whenOther: 'check that OLLAMA_HOST is the address of an Ollama server',
    whenMissing: (missing) => `download it with \`ollama pull ${missing}\``,
    whenLocked: 'set OLLAMA_HOST to a URL with user and password, such as https://user:password@host',
    ...(model === undefined ? {} : { model }),
  };
}
