import { createReadStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { BatchFileError } from '../errors/batch-error.js';

/** One question of a batch. */
export interface BatchQuestion {
  /** Its place among the questions, from 1. */
  readonly index: number;
  /** What its line calls it, in a file of JSON lines. */
  readonly id?: string | number;
  readonly question: string;
}

/** The name under which the questions are read from standard input. */
const standardInput = '-';

/**
 * Reads the questions of a batch: one a line, or JSON lines with a `question` and, if they like, an `id`.
 *
 * It is JSON lines when the first line is an object, or the file's name ends in `.jsonl`. Blank lines are skipped.
 * Throws a `BatchFileError` when the file cannot be read, is not UTF-8 text, or holds no questions; the signal's
 * reason when that ends the reading of standard input.
 */
export async function readQuestions(file: string, signal: AbortSignal): Promise<readonly BatchQuestion[]> {
  const name = file === standardInput ? 'standard input' : file;
  let text: string;
  try {
    const stream = file === standardInput ? process.stdin : createReadStream(file);
    text = new TextDecoder('utf-8', { fatal: true }).decode(await buffer(addAbortSignal(signal, stream)));
  } catch (cause) {
    signal.throwIfAborted();
    throw new BatchFileError(unreadable(cause), { file: name, cause });
  }
  return parseQuestions(text, name);
}

/** Reads questions from a text; `file` is where the text is from, for errors. Throws a `BatchFileError`. */
export function parseQuestions(text: string, file: string): readonly BatchQuestion[] {
  const lines = text
    .split(/\r?\n/)
    .map((content, index) => ({ content: content.trim(), line: index + 1 }))
    .filter(({ content }) => content !== '');
  const first = lines[0];
  if (first === undefined) throw new BatchFileError('holds no question; expected one a line.', { file });
  if (!file.endsWith('.jsonl') && objectIn(first.content) === undefined) {
    return lines.map(({ content }, index) => ({ index: index + 1, question: content }));
  }
  return lines.map(({ content, line }, index) => ({ index: index + 1, ...fromJson(content, { file, line }) }));
}

function fromJson(content: string, place: { readonly file: string; readonly line: number }) {
  const { question, id } = objectIn(content) ?? {};
  if (typeof question !== 'string' || question.trim() === '') {
    throw new BatchFileError('expected a JSON object with a "question", as on the other lines.', place);
  }
  if (id === undefined) return { question };
  if (typeof id === 'string' || typeof id === 'number') return { question, id };
  throw new BatchFileError('got an "id" that is neither a text nor a number; leave it out, or make it one.', place);
}

function objectIn(content: string): Readonly<Record<string, unknown>> | undefined {
  if (!content.startsWith('{')) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function unreadable(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'no such file; check the path.';
    case 'EISDIR':
      return 'is a directory; expected a file of questions, one a line.';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'is not UTF-8 text; expected questions, one a line.';
    default:
      return `cannot be read: ${message}.`;
  }
}
