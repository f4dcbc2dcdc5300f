/** The environment variables that commands read, with their descriptions. */
export const environmentVariables = {
  OLLAMA_HOST: 'URL of Ollama; default http://127.0.0.1:11434',
  OPENAI_BASE_URL: 'URL of the OpenAI-compatible server; default OpenAI',
  OPENAI_API_KEY: 'API key of the server; default none',
  TINYLLM_BUCKETS: 'Bucket bounds of histograms, in the format of --buckets, separated by semicolons',
  TINYLLM_NATIVE_HISTOGRAMS:
    'Native histograms, in the format of --native-histograms, separated by semicolons; default off',
  TINYLLM_METRICS: 'off disables the metrics of the process; default on',
  TINYLLM_HUB: 'URL of a hub to push metrics to at the end',
  TINYLLM_HOME: 'Folder that contains the folder sessions; default $XDG_STATE_HOME/tinyllm',
  XDG_STATE_HOME: 'Folder of application state; default ~/.local/state',
  TINYLLM_TOP_URL: 'Metrics URL for top; default http://127.0.0.1:9090',
} as const;

/** The name of an environment variable that commands read. */
export type VariableName = keyof typeof environmentVariables;

/** The variables of commands that record metrics. */
export const recordingVariables = ['TINYLLM_BUCKETS', 'TINYLLM_NATIVE_HISTOGRAMS', 'TINYLLM_METRICS'] as const;

/** Variables that configure model servers. */
export const modelVariables = ['OLLAMA_HOST', 'OPENAI_BASE_URL', 'OPENAI_API_KEY'] as const;

/** Variables that decide where conversations are stored. */
export const sessionVariables = ['TINYLLM_HOME', 'XDG_STATE_HOME'] as const;
