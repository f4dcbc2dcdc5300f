/** The providers there are. */
export const providerNames = ['embedded', 'ollama'] as const;
