import { JobFailedError } from '@tinyllm/executor';
import { type AnswerLine, isAnswered } from '../../batch/answer-line.js';
import type { QuestionQueue } from '../../batch/question-queue.js';
import type { BatchQuestion } from '../../batch/questions.js';
import type { CommandContext } from '../../command/command-context.js';
import type { AnswerFile } from './answer-file.js';
import { BatchProgress } from './batch-progress.js';
import { OrderedBuffer } from './ordered-buffer.js';

/** The queue and the output of a batch. */
export interface BatchRunOptions {
  readonly queue: QuestionQueue;
  /** The output file. Default stdout. */
  readonly answers: AnswerFile | undefined;
  /** Whether to print JSON objects in order of completion. Otherwise prints answers in order of the questions. */
  readonly json: boolean;
  /** How long running questions may take after the signal is aborted, in seconds. */
  readonly graceSeconds: number;
}

/** The result of a batch. */
export interface BatchTotals {
  readonly answered: number;
  readonly failed: number;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/** Runs the questions of a batch, and writes each answer when it is ready. */
export class BatchRun {
  readonly #options: BatchRunOptions;
  readonly #context: CommandContext;
  /** Aborted if an answer cannot be written, because continuing would be useless. */
  readonly #broken = new AbortController();
  readonly #texts = new OrderedBuffer<string>((text) => this.#context.output.text(text));
  #totals: BatchTotals = { answered: 0, failed: 0, usage: { inputTokens: 0, outputTokens: 0 } };

  constructor(options: BatchRunOptions, context: CommandContext) {
    this.#options = options;
    this.#context = context;
  }

  /**
   * Runs the questions. Resolves when each of them was answered, has failed, or was skipped.
   *
   * After an abort, skips waiting questions and those that don't finish within the grace period. Throws a
   * `BatchFileError` if an answer cannot be written. Running questions are then skipped, too.
   */
  async ask(questions: readonly BatchQuestion[]): Promise<BatchTotals> {
    const { queue, graceSeconds } = this.#options;
    const { output, signal } = this.#context;
    const progress = await BatchProgress.start(output, questions.length);
    const ended = AbortSignal.any([signal, this.#broken.signal]);
    const onEnd = (): void => {
      if (signal.aborted) {
        progress.printAbove(() =>
          output.note(
            `stopping: waiting up to ${graceSeconds} s for running questions; press Ctrl-C again to stop now`,
          ),
        );
      }
      queue.close({ graceSeconds: this.#broken.signal.aborted ? 0 : graceSeconds }).catch(() => undefined);
    };
    ended.addEventListener('abort', onEnd, { once: true });
    const next = questions.values();
    const runNext = async (): Promise<void> => {
      for (const question of next) {
        if (ended.aborted) return;
        await this.#runOne(question, { progress, ended });
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(queue.maxInFlight, questions.length) }, runNext));
    } finally {
      ended.removeEventListener('abort', onEnd);
      progress.end();
      await queue.close();
      this.#texts.flush();
    }
    if (this.#broken.signal.aborted) throw this.#broken.signal.reason;
    return this.#totals;
  }

  async #runOne(question: BatchQuestion, { progress, ended }: RunState): Promise<void> {
    let line: AnswerLine;
    try {
      line = { ...question, ...(await this.#options.queue.ask(question.question)) };
    } catch (error) {
      // A skipped question has not failed: it is asked again when the batch resumes.
      if (ended.aborted) return;
      line = { ...question, error: factsOf(error) };
    }
    this.#count(line);
    progress.count({ failed: !isAnswered(line) });
    await this.#write(line, progress).catch((error: unknown) => this.#broken.abort(error));
  }

  #count(line: AnswerLine): void {
    const { answered, failed, usage } = this.#totals;
    if (!isAnswered(line)) this.#totals = { answered, failed: failed + 1, usage };
    else {
      const inputTokens = usage.inputTokens + line.usage.inputTokens;
      const outputTokens = usage.outputTokens + line.usage.outputTokens;
      this.#totals = { answered: answered + 1, failed, usage: { inputTokens, outputTokens } };
    }
  }

  async #write(line: AnswerLine, progress: BatchProgress): Promise<void> {
    const { answers, json } = this.#options;
    const { output } = this.#context;
    progress.printAbove(() => {
      if (!isAnswered(line)) output.note(`question ${line.index} failed: ${line.error.name}: ${line.error.message}`);
      if (answers !== undefined) return;
      if (json) output.json(line);
      else this.#texts.add(line.index, isAnswered(line) ? line.answer : '');
    });
    await answers?.write(line);
  }
}

interface RunState {
  readonly progress: BatchProgress;
  readonly ended: AbortSignal;
}

function factsOf(error: unknown): { readonly name: string; readonly message: string } {
  if (error instanceof JobFailedError) return { name: error.errorName, message: error.message };
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: typeof error, message: String(error) };
}
