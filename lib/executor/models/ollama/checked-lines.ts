import type { CallFacts } from 'tinyllm/recording';
import { brokenAnswer, oneLine, statedError } from 'tinyllm/recording';

/** Far more characters than a part of an answer has, far fewer than fill the memory. */
const longestLine = 1024 * 1024;

/**
 * Passes an answer of JSON lines on, line by line, and fails as soon as one is not what Ollama sends: no JSON object,
 * an `error` in place of a part, or an end before the part that says `done`, or of a pull `success`.
 *
 * The official client would print the first, and tell the others apart by their wording only.
 */
export function checkedLines(call: CallFacts): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = '';
  let done = false;

  const check = (line: string, controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (line.trim() === '') return;
    const stated = statedError(line);
    if (stated !== undefined) throw brokenAnswer(call, `broke off its answer: ${oneLine(stated)}`);
    const part = parseObject(line);
    if (part === undefined) throw brokenAnswer(call, `sent what is no JSON object: ${oneLine(line)}`);
    done ||= part.done === true || part.status === 'success';
    controller.enqueue(encoder.encode(`${line}\n`));
  };

  return new TransformStream({
    transform(bytes, controller) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) check(line, controller);
      if (rest.length > longestLine) throw brokenAnswer(call, 'sent a line of more than a million characters');
    },
    flush(controller) {
      check(rest + decoder.decode(), controller);
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
