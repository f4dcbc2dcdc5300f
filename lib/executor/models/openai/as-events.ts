import type { CallFacts } from 'tinyllm/recording';
import { brokenAnswer, LineSplitter, oneLine } from 'tinyllm/recording';

/** How a response is turned into a stream of events. */
export interface AsEventsOptions {
  readonly facts: CallFacts;
  /** The stream contained `[DONE]`, after which nothing follows. */
  readonly onDone: () => void;
}

/** Far more bytes than a line of events needs before its data is recognised. */
const longestLine = 1024 * 1024;
const doneLine = /^data: ?\[DONE\]/;
const eventStream = { headers: { 'Content-Type': 'text/event-stream' } };

/**
 * Passes a response on as a stream of events, whatever its `Content-Type`: the first byte tells events from JSON. A whole
 * JSON response, as of a server that cannot stream, becomes a stream of one event.
 *
 * Throws a `ModelProtocolError` when a response that begins like JSON, or says that it is JSON, is none.
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
    const text = await new Response(rest).text();
    return new Response(`data: ${JSON.stringify(parsed(facts, text))}\n\ndata: [DONE]\n\n`, eventStream);
  }
  return new Response(rest.pipeThrough(watchForDone(onDone)), eventStream);
}

/** Reads to the first byte that is no white space. */
async function beginning(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ readonly bytes: readonly Uint8Array[]; readonly first: string }> {
  const bytes: Uint8Array[] = [];
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { bytes, first: '' };
    bytes.push(value);
    const [first] = decoder.decode(value, { stream: true }).trimStart();
    if (first !== undefined) return { bytes, first };
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

function watchForDone(onDone: () => void): TransformStream<Uint8Array, Uint8Array> {
  const lines = new LineSplitter({
    longestLine,
    endsAtReturn: true,
    onLine: (line) => {
      if (doneLine.test(line)) onDone();
    },
    onDropped: () => {},
  });
  return new TransformStream({
    transform(bytes, controller) {
      lines.push(bytes);
      controller.enqueue(bytes);
    },
    flush: () => lines.end(),
  });
}

function parsed(facts: CallFacts, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw brokenAnswer(facts, `sent what is no JSON: ${oneLine(text, facts.secret)}`, error);
  }
}
