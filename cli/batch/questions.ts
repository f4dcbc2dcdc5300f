import { createReadStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { BatchFileError } from '../errors/batch-error.js';

/** One question of a batch. */
export interface BatchQuestion {
  /** The position in the batch, from 1. */
  readonly index: number;
  /** The `id` of the line in a file of JSON lines. */
  readonly id?: string | number;
  readonly question: string;
}

/** The file name that means standard input. */
const standardInput = '-';

/**
 * Reads the questions of a batch: one per line, or JSON lines with a `question` and an optional `id`.
 *
 * The format is JSON lines if the first line is an object or the name of the file ends in `.jsonl`. Blank lines are
 * skipped. Throws a `BatchFileError` if the file cannot be read, is not UTF-8, or contains no questions. Throws the
 * reason of the signal if it is aborted while reading.
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

/**
 * Parses the text of a file of questions. Throws a `BatchFileError`.
 *
 * @param file The name of the file, for the format and for errors.
 */
export function parseQuestions(text: string, file: string): readonly BatchQuestion[] {
  const lines = text
    .split(/\r?\n/)
    .map((content, index) => ({ content: content.trim(), line: index + 1 }))
    .filter(({ content }) => content !== '');
  const first = lines[0];
  if (first === undefined) throw new BatchFileError('contains no question; expected one per line.', { file });
  if (!file.endsWith('.jsonl') && objectIn(first.content) === undefined) {
    return lines.map(({ content }, index) => ({ index: index + 1, question: content }));
  }
  return lines.map(({ content, line }, index) => ({ index: index + 1, ...fromJson(content, { file, line }) }));
}

function fromJson(content: string, place: { readonly file: string; readonly line: number }) {
  const { question, id } = objectIn(content) ?? {};
  if (typeof question !== 'string' || question.trim() === '') {
    throw new BatchFileError('has no "question"; expected a JSON object with a "question" on every line.', place);
  }
  if (id === undefined) return { question };
  if (typeof id === 'string' || typeof id === 'number') return { question, id };
  throw new BatchFileError('has an invalid "id"; expected a string, a number, or no "id".', place);
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
      return 'is a directory; expected a file with one question per line.';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'is not UTF-8 text; expected one question per line.';
    default:
      return `cannot be read: ${message}.`;
  }
}
