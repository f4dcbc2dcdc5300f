/**
 * The body of a server-sent event stream.
 * @param events Objects become `data:` lines with their JSON. Strings are written as they are, for example comments or `data: [DONE]`.
 * @param lineEnd The line terminator; default: a line feed.
 */
export function eventStream(events: readonly (object | string)[], lineEnd = '\n'): string {
  return events
    .map((event) => (typeof event === 'string' ? event : `data: ${JSON.stringify(event)}`) + lineEnd + lineEnd)
    .join('');
}
