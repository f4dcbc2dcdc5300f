/**
 * Removes the command from an error of ioredis, and returns the same error.
 *
 * The arguments of a command can contain a password, a question or an answer, and `inspect` shows them.
 */
export function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { errors, previousErrors } = error as { readonly errors?: unknown; readonly previousErrors?: unknown };
  // `errors` contains one error for each address. `previousErrors` contains the errors of commands that a transaction
  // could not queue.
  for (const inner of [errors, previousErrors].flat()) withoutCommand(inner);
  if ('command' in error) delete error.command;
  return error;
}

/**
 * Returns the message of a connection error, without a final full stop. If the connection to several addresses failed,
 * returns the message of the first one.
 */
export function failureText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return failureText(error.errors[0]);
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  const text = [message, code, String(error)].find((candidate) => candidate !== undefined && candidate !== '') ?? '';
  return text.replace(/\.$/, '');
}
