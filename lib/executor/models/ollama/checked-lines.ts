import type { CallFacts } from 'tinyllm/recording';
import { brokenAnswer, LineSplitter, oneLine, statedError } from 'tinyllm/recording';
import { longestPart, partLimitError } from '../http/response-limits.js';

/**
 * Passes an answer of JSON lines on, line by line, and fails as soon as one is not what Ollama sends: no JSON object,
 * an `error` in place of a part, more than 1 MiB, or an end before the part that says `done`, or of a pull `success`.
 *
 * The official client would print the first, and tell the others apart by their wording only.
 */
export function checkedLines(call: CallFacts): TransformStream<Uint8Array, Uint8Array> {
  const encoder = new TextEncoder();
  let whole: string[] = [];
  let done = false;
  const lines = new LineSplitter({
    longestLine: longestPart,
    endsAtReturn: false,
    onLine: (line) => {
      if (line.trim() === '') return;
      const stated = statedError(line);
      if (stated !== undefined) throw brokenAnswer(call, `broke off its answer: ${oneLine(stated)}`);
      const part = parseObject(line);
      if (part === undefined) throw brokenAnswer(call, `sent what is no JSON object: ${oneLine(line)}`);
      done ||= part.done === true || part.status === 'success';
      whole.push(`${line}\n`);
    },
    onDropped: () => {
      throw partLimitError(call, { name: 'a line', bytes: longestPart });
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
      pass(controller);
      if (!done) throw brokenAnswer(call, 'ended its answer before it was done');
    },
  });
}

function parseObject(line: string): { readonly done?: unknown; readonly status?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
