/** The priorities of a job, the one that goes first first. */
export const priorities = ['high', 'normal', 'low'] as const;

/** How soon a job starts, beside others that wait; jobs of one priority start in the order they came. */
export type Priority = (typeof priorities)[number];

/** Whether a word is the name of a priority. */
export function isPriority(word: unknown): word is Priority {
  return (priorities as readonly unknown[]).includes(word);
}
