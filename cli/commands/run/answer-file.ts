import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { type FileLock, lockFile, replaceFile } from 'tinyllm/configuration';
import { type AnswerLine, isAnswered, parseAnswerLine } from '../../batch/answer-line.js';
import type { BatchQuestion } from '../../batch/questions.js';
import { BatchFileError } from '../../errors/batch-error.js';

/**
 * The output file of a batch: one JSON line per answer. An interrupted batch resumes from it.
 *
 * Opening removes failed questions and an incomplete last line, so these questions are asked again.
 */
export class AnswerFile {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #lock: FileLock;
  #written: Promise<void> = Promise.resolve();

  /** The indexes of questions that the file already answers. */
  readonly answered: ReadonlySet<number>;

  private constructor(file: string, parts: { handle: FileHandle; lock: FileLock; answered: ReadonlySet<number> }) {
    this.#file = file;
    this.#handle = parts.handle;
    this.#lock = parts.lock;
    this.answered = parts.answered;
  }

  /**
   * Opens the output file of a batch with these questions.
   *
   * Throws a `BatchFileError` if the file cannot be written, is in use by another batch, or contains anything except
   * answers to these questions.
   */
  static async open(file: string, questions: readonly BatchQuestion[]): Promise<AnswerFile> {
    const lock = await lockFile(file).catch((cause: unknown) => unusable(file, cause));
    if ('heldBy' in lock) {
      throw new BatchFileError(
        `is in use by process ${lock.heldBy}; wait for the process to end, or pass another --output.`,
        {
          file,
        },
      );
    }
    try {
      const lines = linesFor(questions, await textOf(file), file);
      const answers = lines.filter(({ line }) => isAnswered(line));
      const text = answers.map(({ text }) => `${text}\n`).join('');
      const confirm = (): Promise<void> => requireLock(lock, file);
      await replaceFile(file, { text, temporary: `${file}.${process.pid}.new`, confirm });
      const handle = await open(file, 'a');
      return new AnswerFile(file, { handle, lock, answered: new Set(answers.map(({ line }) => line.index)) });
    } catch (cause) {
      await lock.release();
      return unusable(file, cause);
    }
  }

  /** Appends a line. Throws a `BatchFileError` if it cannot be written. After that, all calls throw. */
  write(line: AnswerLine): Promise<void> {
    this.#written = this.#written.then(async () => {
      await requireLock(this.#lock, this.#file);
      await this.#handle.appendFile(`${JSON.stringify(line)}\n`).catch((cause: unknown) => unusable(this.#file, cause));
    });
    return this.#written;
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#handle.sync().catch(() => undefined);
    await this.#handle.close();
    await this.#lock.release();
  }
}

/** Throws if another batch has taken over the file, because appended lines would then be lost. */
async function requireLock(lock: FileLock, file: string): Promise<void> {
  if (await lock.isHeld()) return;
  throw new BatchFileError(
    'is in use by another batch, which took over because this batch stalled; run this batch again.',
    {
      file,
    },
  );
}

interface StoredLine {
  readonly text: string;
  readonly line: AnswerLine;
}

/** Parses an existing output file. Returns one line per question. */
function linesFor(questions: readonly BatchQuestion[], text: string, file: string): readonly StoredLine[] {
  const lines = text.split('\n');
  // Text after the last line break may be incomplete.
  const rest = lines.pop() ?? '';
  const found = new Map<number, StoredLine>();
  [...lines, ...(parseAnswerLine(rest) === undefined ? [] : [rest])].forEach((content, index) => {
    const reject = (problem: string): never => {
      throw new BatchFileError(`${problem} pass another --output, or move this file.`, { file, line: index + 1 });
    };
    const line = parseAnswerLine(content) ?? reject('is not a line of a batch;');
    const question = questions[line.index - 1];
    if (question?.question !== line.question || question.id !== line.id) {
      reject(`answers a different question than number ${line.index} of this batch;`);
    }
    const before = found.get(line.index);
    if (before === undefined || !isAnswered(before.line)) found.set(line.index, { text: content, line });
  });
  return [...found.values()];
}

async function textOf(file: string): Promise<string> {
  const facts = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (facts === undefined) return '';
  if (!facts.isFile()) throw new BatchFileError('is not a regular file; expected a file for answers.', { file });
  return readFile(file, 'utf8');
}

function unusable(file: string, cause: unknown): never {
  if (cause instanceof BatchFileError) throw cause;
  const problem = cause instanceof Error ? cause.message : String(cause);
  throw new BatchFileError(`cannot be written: ${problem}; check the path and the free space.`, { file, cause });
}
