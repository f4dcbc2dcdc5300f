import type { IncomingHttpHeaders } from 'node:http';

const header = 'x-tinyllm-graph';
/** What the label is where a client says nothing, or nothing that can be one. */
const defaultGraph = 'proxy';
const validGraph = /^[\x20-\x7e]{1,128}$/;

/** The `graph` of a request: what its client sends in `X-TinyLLM-Graph`, up to 128 characters of ASCII, else `proxy`. */
export function graphLabel(headers: IncomingHttpHeaders): string {
  const stated = headers[header];
  return typeof stated === 'string' && validGraph.test(stated) ? stated : defaultGraph;
}
