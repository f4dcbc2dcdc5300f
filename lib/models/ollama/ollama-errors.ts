import {
  isTinyLLMError,
  type ModelError,
  type ModelErrorFacts,
  ModelNotFoundError,
  ModelProtocolError,
  ModelUnavailableError,
} from '../../errors.js';

/** Which call an error belongs to. */
export interface OllamaCallFacts {
  readonly url: string;
  /** Left out where no model is asked. */
  readonly model?: string;
}

const longestQuote = 200;
/** In characters. */
const longestBody = 64 * 1024;

/** What a call fails with whose connection was there, and broke before an answer came. */
const brokeBefore = /^(?:ECONNRESET|EPIPE|HPE_\w+|UND_ERR_(?!CONNECT_TIMEOUT)\w+)$/;

/** The server could not be reached, or went before it answered anything. */
export function unreachable(call: OllamaCallFacts, cause: unknown): ModelError {
  const reason = reasonOf(cause);
  if (brokeBefore.test(reason)) {
    return brokenAnswer(call, `gave no answer (${reason}); is that address Ollama's? See OLLAMA_HOST`, cause);
  }
  // Source: https://fetch.spec.whatwg.org/#port-blocking
  if (reason === 'bad port') {
    return new ModelUnavailableError(
      `OLLAMA_HOST is ${call.url}, whose port belongs to another protocol, and no HTTP client connects to it; expected another port, such as 11434.`,
      factsOf(call, { cause }),
    );
  }
  return new ModelUnavailableError(
    `Ollama does not answer at ${call.url} (${reason}); start it with \`ollama serve\`, or set OLLAMA_HOST to where it runs.`,
    factsOf(call, { cause }),
  );
}

/** The server answered with a status that is no success. */
export async function refused(call: OllamaCallFacts, response: Response): Promise<ModelError> {
  const body = await beginningOf(response);
  const stated = statedError(body);
  const facts = factsOf(call, { status: response.status });
  if (response.status === 404 && stated !== undefined && call.model !== undefined) {
    return new ModelNotFoundError(
      `Ollama at ${call.url} does not have the model ${call.model}; get it with \`ollama pull ${call.model}\`.`,
      facts,
    );
  }
  const said = stated === undefined ? `${notOllama(response)}` : `: ${oneLine(stated)}`;
  return new ModelProtocolError(`Ollama at ${call.url} answered with status ${response.status}${said}.`, facts);
}

/** The server answered something that is not the protocol, or broke off in the middle of it. */
export function brokenAnswer(call: OllamaCallFacts, problem: string, cause?: unknown): ModelError {
  return new ModelProtocolError(
    `Ollama at ${call.url} ${problem}.`,
    factsOf(call, cause === undefined ? {} : { cause }),
  );
}

/** Ours as they are; anything else that ended an answer, as one that broke off. */
export function asModelError(call: OllamaCallFacts, error: unknown): Error {
  if (isTinyLLMError(error)) return error;
  return brokenAnswer(call, `broke off its answer (${reasonOf(error)})`, error);
}

/** The `error` of an answer's JSON object, if it has one: a text, or an object with a `message`. */
export function statedError(body: string): string | undefined {
  try {
    const { error } = Object(JSON.parse(body)) as { readonly error?: unknown };
    const stated: unknown = typeof error === 'object' ? Object(error).message : error;
    return typeof stated === 'string' ? stated : undefined;
  } catch {
    return undefined;
  }
}

/** A server's words, in one line of bounded length. */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  return line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line;
}

/** As much of a body as an explanation can be long; what comes after is not waited for. */
async function beginningOf({ body }: Response): Promise<string> {
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

function notOllama(response: Response): string {
  return ` and ${response.headers.get('content-type') ?? 'no content type'}; is that address Ollama's? See OLLAMA_HOST`;
}

function factsOf({ model }: OllamaCallFacts, further: Partial<ModelErrorFacts>): ModelErrorFacts {
  return { provider: 'ollama', ...(model === undefined ? {} : { model }), ...further };
}

/** Fetch wraps what went wrong; the code of the innermost error says it shortest. */
function reasonOf(error: unknown): string {
  const { code, cause, message } = Object(error) as { code?: unknown; cause?: unknown; message?: unknown };
  if (cause !== undefined) return reasonOf(cause);
  if (typeof code === 'string') return code;
  return typeof message === 'string' ? oneLine(message) : String(error);
}
