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

/** The server could not be reached. */
export function unreachable(call: OllamaCallFacts, cause: unknown): ModelError {
  return new ModelUnavailableError(
    `Ollama does not answer at ${call.url} (${reasonOf(cause)}); start it with \`ollama serve\`, or set OLLAMA_HOST to where it runs.`,
    factsOf(call, { cause }),
  );
}

/** The server answered with a status that is no success. */
export async function refused(call: OllamaCallFacts, response: Response): Promise<ModelError> {
  const body = await response.text().catch(() => '');
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

/** The `error` of an answer's JSON object, if it has one. */
export function statedError(body: string): string | undefined {
  try {
    const { error } = Object(JSON.parse(body)) as { readonly error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

/** A server's words, in one line of bounded length. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line;
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
