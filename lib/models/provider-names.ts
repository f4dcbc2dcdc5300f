/** The providers there are. */
export const providerNames = ['embedded', 'ollama', 'openai'] as const;
