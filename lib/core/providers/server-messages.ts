const maxQuoteLength = 200;
/** In characters. */
const maxBodyLength = 64 * 1024;

/** Returns the `error` of a JSON response, if it has one: a text, or the `message` of an object. */
export function statedError(body: string): string | undefined {
  const { error } = objectIn(body);
  const stated: unknown = typeof error === 'object' ? Object(error).message : error;
  return typeof stated === 'string' ? stated : undefined;
}

/**
 * Returns the reason in an error response: its `error`, otherwise its `message` or `detail`.
 *
 * Older versions of vLLM use `message`, and FastAPI uses `detail`.
 */
export function statedRefusal(body: string): string | undefined {
  const stated = statedError(body);
  if (stated !== undefined) return stated;
  const { message, detail } = objectIn(body);
  if (typeof message === 'string') return message;
  if (typeof detail === 'string') return detail;
  const problems = detail ?? message;
  return typeof problems === 'object' && problems !== null ? JSON.stringify(problems) : undefined;
}

/** Shortens a server's text to one line of limited length and removes the secret. */
export function oneLine(text: string, secret?: string): string {
  const line = (secret ? text.replaceAll(secret, '***') : text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  return line.length > maxQuoteLength ? `${line.slice(0, maxQuoteLength)}…` : line;
}

/** Reads the beginning of a body, which is long enough for any error text. Doesn't wait for the rest. */
export async function beginningOf({ body }: Pick<Response, 'body'>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > maxBodyLength) break;
    }
  } catch {
    // The body broke off. The part that arrived is the result.
  }
  return text;
}

function objectIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    // Gemini puts its error into a list.
    return Object(Array.isArray(value) ? value[0] : value);
  } catch {
    return {};
  }
}
