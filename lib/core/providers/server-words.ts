const longestQuote = 200;
/** In characters. */
const longestBody = 64 * 1024;

/** The `error` of an answer's JSON object, if it has one: a text, or an object with a `message`. */
export function statedError(body: string): string | undefined {
  const { error } = objectIn(body);
  const stated: unknown = typeof error === 'object' ? Object(error).message : error;
  return typeof stated === 'string' ? stated : undefined;
}

/**
 * Why a server says that it refuses: its `error`, or else its `message` or `detail`, as vLLM's older answers and
 * FastAPI's have it.
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

/** A server's words, in one line of bounded length, without what is secret. */
export function oneLine(text: string, secret?: string): string {
  const line = (secret ? text.replaceAll(secret, '***') : text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  return line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line;
}

/** As much of a body as an explanation can be long; what comes after is not waited for. */
export async function beginningOf({ body }: Pick<Response, 'body'>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > longestBody) break;
    }
  } catch {
    // What has come until it broke off is all there is to say.
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
