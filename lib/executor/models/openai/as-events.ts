import type { CallFacts } from 'tinyllm/recording';
import { brokenAnswer, LineSplitter, oneLine, readText } from 'tinyllm/recording';
import { maxPartBytes, maxWholeAnswerBytes, partLimitError } from '../http/response-limits.js';

/** Options of {@link asEvents}. */
export interface AsEventsOptions {
  readonly facts: CallFacts;
  /** Called when the stream contains `[DONE]`, its last event. */
  readonly onDone: () => void;
}

const doneLine = /^data: ?\[DONE\]/;
const eventStream = { headers: { 'Content-Type': 'text/event-stream' } };

/**
 * Converts a response to a stream of events.
 *
 * The first byte distinguishes events from JSON, because the `Content-Type` is not reliable. A whole JSON response,
 * from a server that cannot stream, becomes a stream of one event.
 *
 * Throws a `ModelProtocolError` if a JSON response is invalid or larger than 16 MiB. An event of more than 1 MiB ends
 * the stream with a `ModelProtocolError`.
 */
export async function asEvents(response: Response, { facts, onDone }: AsEventsOptions): Promise<Response> {
  const { body, headers } = response;
  if (body === null) return response;
  const reader = body.getReader();
  const { bytes, first } = await beginning(reader);
  const rest = remaining(reader, bytes);
  const isLabelledJson = headers.get('content-type')?.includes('json') ?? false;
  // Events begin with the name of a field, or with a colon.
  if (first === '{' || first === '[' || (isLabelledJson && !/^[a-z:]/i.test(first))) {
    const limits = { bytes: maxWholeAnswerBytes };
    const text = await readText(new Response(rest), limits, () => partLimitError(facts, { name: 'JSON', ...limits }));
    return new Response(`data: ${JSON.stringify(parsed(facts, text))}\n\ndata: [DONE]\n\n`, eventStream);
  }
  return new Response(rest.pipeThrough(checkedEvents(facts, onDone)), eventStream);
}

/** Reads up to the first character that is not white space. Pieces of only white space are dropped. */
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

/** Returns a stream of the bytes that were read before, and then of the reader's remaining bytes. */
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

/** Forwards whole events, because the client library searches its whole buffer again for each piece. */
function checkedEvents(facts: CallFacts, onDone: () => void): TransformStream<Uint8Array, Uint8Array> {
  const encoder = new TextEncoder();
  const tooLarge = { name: 'an event', bytes: maxPartBytes };
  let wholeEvents: string[] = [];
  let currentEvent: string[] = [];
  let currentLength = 0;
  const endEvent = (): void => {
    for (const line of currentEvent) wholeEvents.push(line);
    currentEvent = [];
    currentLength = 0;
  };
  const lines = new LineSplitter({
    longestLine: maxPartBytes,
    endsAtReturn: true,
    onLine: (line) => {
      currentLength += line.length + 1;
      if (currentLength > maxPartBytes) throw partLimitError(facts, tooLarge);
      if (doneLine.test(line)) onDone();
      currentEvent.push(`${line}\n`);
      if (line === '') endEvent();
    },
    onDropped: () => {
      throw partLimitError(facts, tooLarge);
    },
  });
  const forward = (controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (wholeEvents.length > 0) controller.enqueue(encoder.encode(wholeEvents.join('')));
    wholeEvents = [];
  };
  return new TransformStream({
    transform(bytes, controller) {
      lines.push(bytes);
      forward(controller);
    },
    flush(controller) {
      lines.end();
      endEvent();
      forward(controller);
    },
  });
}

function parsed(facts: CallFacts, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw brokenAnswer(facts, `sent invalid JSON: ${oneLine(text, facts.secret)}`, error);
  }
}
