/** The shells whose completion there is. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** A shell whose completion there is. */
export type Shell = (typeof shells)[number];
