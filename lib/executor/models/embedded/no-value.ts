/** A valid computation has no value that can be written out. The message explains why and is the answer. */
export class NoValue extends Error {}

/** The text is not a question about arithmetic. */
export class NotArithmetic extends Error {}
