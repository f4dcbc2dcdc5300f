import type { CallFacts } from 'tinyllm/recording';
import { brokenAnswer, oneLine } from 'tinyllm/recording';

/**
 * Hands an answer on as a stream of events: one that comes whole, as from a server that cannot stream, becomes a stream
 * of one event. Throws a `ModelProtocolError` when it says that it is JSON and is none.
 */
export async function asEvents(facts: CallFacts, response: Response): Promise<Response> {
  if (!response.headers.get('content-type')?.includes('json')) return response;
  const text = await response.text();
  return new Response(`data: ${JSON.stringify(parsed(facts, text))}\n\ndata: [DONE]\n\n`, {
    headers: { 'Content-Type': 'text/event-stream' },
  });
}

function parsed(facts: CallFacts, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw brokenAnswer(facts, `sent what is no JSON: ${oneLine(text, facts.secret)}`, error);
  }
}
