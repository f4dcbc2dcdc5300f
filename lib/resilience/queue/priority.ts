/** The priorities of a job, highest first. */
export const priorities = ['high', 'normal', 'low'] as const;

/** The priority of a job. Jobs with the same priority start in the order of their arrival. */
export type Priority = (typeof priorities)[number];
