import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { type FileLock, lockFile, replaceFile } from 'tinyllm/configuration';
import { type AnswerLine, isAnswered, parseAnswerLine } from '../../batch/answer-line.js';
import type { BatchQuestion } from '../../batch/questions.js';
import { BatchFileError } from '../../errors/batch-error.js';

/**
 * The file the answers of a batch go to, a JSON line each, from which a batch that was broken off goes on.
 *
 * What is in it of questions that failed is dropped, and so is a last line that was torn: they are asked again.
 */
export class AnswerFile {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #lock: FileLock;
  #written: Promise<void> = Promise.resolve();

  /** The questions that were answered before, by their index. */
  readonly answered: ReadonlySet<number>;

  private constructor(file: string, parts: { handle: FileHandle; lock: FileLock; answered: ReadonlySet<number> }) {
    this.#file = file;
    this.#handle = parts.handle;
    this.#lock = parts.lock;
    this.answered = parts.answered;
  }

  /**
   * Opens a file for the answers to these questions.
   *
   * Throws a `BatchFileError` when it cannot be written, is in use by another batch, or holds something else than
   * answers to these questions.
   */
  static async open(file: string, questions: readonly BatchQuestion[]): Promise<AnswerFile> {
    const lock = await lockFile(file).catch((cause: unknown) => unusable(file, cause));
    if ('heldBy' in lock) {
      throw new BatchFileError(`is in use by process ${lock.heldBy}; wait for its end, or give another --output.`, {
        file,
      });
    }
    try {
      const lines = linesFor(questions, await textOf(file), file);
      const answers = lines.filter(({ said }) => isAnswered(said));
      const text = answers.map(({ text }) => `${text}\n`).join('');
      const confirm = (): Promise<void> => requireLock(lock, file);
      await replaceFile(file, { text, temporary: `${file}.${process.pid}.new`, confirm });
      const handle = await open(file, 'a');
      return new AnswerFile(file, { handle, lock, answered: new Set(answers.map(({ said }) => said.index)) });
    } catch (cause) {
      await lock.release();
      return unusable(file, cause);
    }
  }

  /** Adds a line, whole or not at all. Throws a `BatchFileError` when it cannot be written, and from then on. */
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

/** Throws if another batch has taken over the file: what is appended then would not be in its file. */
async function requireLock(lock: FileLock, file: string): Promise<void> {
  if (await lock.isHeld()) return;
  throw new BatchFileError(
    'is in use by another batch, which took over because this one stalled; run this one again.',
    {
      file,
    },
  );
}

interface SaidLine {
  readonly text: string;
  readonly said: AnswerLine;
}

/** The lines of a file that was written before, once each question. */
function linesFor(questions: readonly BatchQuestion[], text: string, file: string): readonly SaidLine[] {
  const lines = text.split('\n');
  // What follows the last line break was not written to its end.
  const torn = lines.pop() ?? '';
  const found = new Map<number, SaidLine>();
  [...lines, ...(parseAnswerLine(torn) === undefined ? [] : [torn])].forEach((content, index) => {
    const refuse = (problem: string): never => {
      throw new BatchFileError(`${problem} give another --output, or move this file away.`, { file, line: index + 1 });
    };
    const said = parseAnswerLine(content) ?? refuse('is no line of a batch;');
    const asked = questions[said.index - 1];
    if (asked?.question !== said.question || asked.id !== said.id) {
      refuse(`answers another question than number ${said.index} of this batch;`);
    }
    const before = found.get(said.index);
    if (before === undefined || !isAnswered(before.said)) found.set(said.index, { text: content, said });
  });
  return [...found.values()];
}

async function textOf(file: string): Promise<string> {
  const facts = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (facts === undefined) return '';
  if (!facts.isFile()) throw new BatchFileError('is no ordinary file; expected one to write answers to.', { file });
  return readFile(file, 'utf8');
}

function unusable(file: string, cause: unknown): never {
  if (cause instanceof BatchFileError) throw cause;
  const problem = cause instanceof Error ? cause.message : String(cause);
  throw new BatchFileError(`cannot be written: ${problem}; check the path and the space left.`, { file, cause });
}
