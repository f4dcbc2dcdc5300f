import type { CallFacts } from 'tinyllm/recording';
import { brokenAnswer, LineSplitter, oneLine, statedError } from 'tinyllm/recording';
import { maxPartBytes, partLimitError } from '../http/response-limits.js';

/**
 * Validates and forwards a response of JSON lines.
 *
 * It fails if a line is not a JSON object, contains an `error` or exceeds 1 MiB. It also fails if the response ends
 * before `done`, or before `success` for a pull. The official client would print invalid lines, and its other errors
 * can be distinguished only by their messages.
 */
export function checkedLines(call: CallFacts): TransformStream<Uint8Array, Uint8Array> {
  const encoder = new TextEncoder();
  let validLines: string[] = [];
  let done = false;
  const lines = new LineSplitter({
    longestLine: maxPartBytes,
    endsAtReturn: false,
    onLine: (line) => {
      if (line.trim() === '') return;
      const stated = statedError(line);
      if (stated !== undefined) throw brokenAnswer(call, `broke off its answer: ${oneLine(stated)}`);
      const part = parseObject(line);
      if (part === undefined) throw brokenAnswer(call, `sent a line that is not a JSON object: ${oneLine(line)}`);
      done ||= part.done === true || part.status === 'success';
      validLines.push(`${line}\n`);
    },
    onDropped: () => {
      throw partLimitError(call, { name: 'a line', bytes: maxPartBytes });
    },
  });
  const forward = (controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (validLines.length > 0) controller.enqueue(encoder.encode(validLines.join('')));
    validLines = [];
  };

  return new TransformStream({
    transform(bytes, controller) {
      lines.push(bytes);
      forward(controller);
    },
    flush(controller) {
      lines.end();
      forward(controller);
      if (!done) throw brokenAnswer(call, 'ended its answer before it was complete');
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
