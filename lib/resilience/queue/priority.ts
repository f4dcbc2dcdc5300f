/** The priorities of a job, the one that goes first first. */
export const priorities = ['high', 'normal', 'low'] as const;

/** How soon a job starts, beside others that wait; jobs of one priority start in the order they came. */
export type Priority = (typeof priorities)[number];
