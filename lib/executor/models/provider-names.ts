/** The names of all providers. */
export const providerNames = ['embedded', 'ollama', 'openai', 'llama-cpp'] as const;
