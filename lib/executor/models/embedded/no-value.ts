/** Ends a computation that is well put, but has no value that could be given; the message says why. */
export class NoValue extends Error {}

/** Ends a computation of something that is no question of arithmetic. */
export class NotArithmetic extends Error {}
