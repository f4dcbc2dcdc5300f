/** What commands read of the environment, and what it says. */
export const environmentVariables = {
  OLLAMA_HOST: 'Where Ollama is; default http://127.0.0.1:11434',
  OPENAI_BASE_URL: 'Where the OpenAI-compatible server is; default OpenAI',
  OPENAI_API_KEY: 'The key it asks for; default none',
  TINYLLM_HUB: 'A hub that metrics are pushed to at the end',
  TINYLLM_HOME: 'Where sessions are; default tinyllm in XDG_STATE_HOME',
  XDG_STATE_HOME: 'Default ~/.local/state',
  TINYLLM_TOP_URL: 'Where top reads; default http://127.0.0.1:9090',
} as const;

/** A variable that commands read. */
export type VariableName = keyof typeof environmentVariables;

/** Of who is to answer. */
export const modelVariables = ['OLLAMA_HOST', 'OPENAI_BASE_URL', 'OPENAI_API_KEY'] as const;

/** Of where conversations are. */
export const sessionVariables = ['TINYLLM_HOME', 'XDG_STATE_HOME'] as const;
