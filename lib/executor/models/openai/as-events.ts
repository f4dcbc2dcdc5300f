import type { CallFacts } from 'tinyllm/recording';
import { brokenAnswer, LineSplitter, oneLine, readText } from 'tinyllm/recording';
import { longestPart, longestWholeAnswer, partLimitError } from '../http/response-limits.js';

/** How a response is turned into a stream of events. */
export interface AsEventsOptions {
  readonly facts: CallFacts;
  /** The stream contained `[DONE]`, after which nothing follows. */
  readonly onDone: () => void;
}

const doneLine = /^data: ?\[DONE\]/;
const eventStream = { headers: { 'Content-Type': 'text/event-stream' } };

/**
 * Passes a response on as a stream of events, whatever its `Content-Type`: the first byte tells events from JSON. A whole
 * JSON response, as of a server that cannot stream, becomes a stream of one event.
 *
 * Throws a `ModelProtocolError` when a response that begins like JSON, or says that it is JSON, is none, or has more than
 * 16 MiB. An event of more than 1 MiB ends the stream with one.
 */
export async function asEvents(response: Response, { facts, onDone }: AsEventsOptions): Promise<Response> {
  const { body, headers } = response;
  if (body === null) return response;
  const reader = body.getReader();
  const { bytes, first } = await beginning(reader);
  const rest = remaining(reader, bytes);
  const saysJson = headers.get('content-type')?.includes('json') ?? false;
  // Events begin with the name of a field, or with a colon.
  if (first === '{' || first === '[' || (saysJson && !/^[a-z:]/i.test(first))) {
    const whole = { bytes: longestWholeAnswer };
    const text = await readText(new Response(rest), whole, () => partLimitError(facts, { name: 'JSON', ...whole }));
    return new Response(`data: ${JSON.stringify(parsed(facts, text))}\n\ndata: [DONE]\n\n`, eventStream);
  }
  return new Response(rest.pipeThrough(checkedEvents(facts, onDone)), eventStream);
}

/** Reads to the first byte that is no white space; pieces of only white space are dropped. */
async function beginning(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ readonly bytes: readonly Uint8Array[]; readonly first: string }> {
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { bytes: [], first: '' };
    const [first] = decoder.decode(value, { stream: true }).trimStart();
    if (first !== undefined) return { bytes: [value], first };
  }
}

/** What was read already, and then the rest as it comes. */
function remaining(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  bytes: readonly Uint8Array[],
): ReadableStream<Uint8Array> {
  const read = [...bytes];
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const value = read.shift() ?? (await reader.read()).value;
      if (value === undefined) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Passes on whole events, because the client library searches all that it has buffered again for each piece. */
function checkedEvents(facts: CallFacts, onDone: () => void): TransformStream<Uint8Array, Uint8Array> {
  const encoder = new TextEncoder();
  const tooLarge = { name: 'an event', bytes: longestPart };
  let whole: string[] = [];
  let begun: string[] = [];
  let begunLength = 0;
  const endEvent = (): void => {
    for (const line of begun) whole.push(line);
    begun = [];
    begunLength = 0;
  };
  const lines = new LineSplitter({
    longestLine: longestPart,
    endsAtReturn: true,
    onLine: (line) => {
      begunLength += line.length + 1;
      if (begunLength > longestPart) throw partLimitError(facts, tooLarge);
      if (doneLine.test(line)) onDone();
      begun.push(`${line}\n`);
      if (line === '') endEvent();
    },
    onDropped: () => {
      throw partLimitError(facts, tooLarge);
    },
  });
  const pass = (controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (whole.length > 0) controller.enqueue(encoder.encode(whole.join('')));
    whole = [];
  };
  return new TransformStream({
    transform(bytes, controller) {
      lines.push(bytes);
      pass(controller);
    },
    flush(controller) {
      lines.end();
      endEvent();
      pass(controller);
    },
  });
}

function parsed(facts: CallFacts, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw brokenAnswer(facts, `sent what is no JSON: ${oneLine(text, facts.secret)}`, error);
  }
}
