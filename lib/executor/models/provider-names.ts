/** The providers there are. */
export const providerNames = ['embedded', 'ollama', 'openai', 'llama-cpp'] as const;
