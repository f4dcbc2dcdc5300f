import { JobFailedError } from '@tinyllm/executor';
import { type AnswerLine, isAnswered } from '../../batch/answer-line.js';
import type { Asker } from '../../batch/asker.js';
import type { BatchQuestion } from '../../batch/questions.js';
import type { CommandContext } from '../../command/command-context.js';
import type { AnswerFile } from './answer-file.js';
import { BatchProgress } from './batch-progress.js';
import { InOrder } from './in-order.js';

/** Whom to ask, and where the answers go. */
export interface BatchRunOptions {
  readonly asker: Asker;
  /** Default stdout. */
  readonly answers: AnswerFile | undefined;
  /** Whether stdout gets a JSON object a question, in the order they are done, and not the answers in theirs. */
  readonly json: boolean;
  /** How long what is under way may take once the batch is ended early. */
  readonly graceSeconds: number;
}

/** What came of a batch. */
export interface BatchTotals {
  readonly answered: number;
  readonly failed: number;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/** Asks the questions of a batch, and writes down each answer as it comes. */
export class BatchRun {
  readonly #options: BatchRunOptions;
  readonly #context: CommandContext;
  /** Aborted when there is no sense in going on: the answers cannot be written. */
  readonly #broken = new AbortController();
  readonly #texts = new InOrder<string>((text) => this.#context.output.text(text));
  #totals: BatchTotals = { answered: 0, failed: 0, usage: { inputTokens: 0, outputTokens: 0 } };

  constructor(options: BatchRunOptions, context: CommandContext) {
    this.#options = options;
    this.#context = context;
  }

  /**
   * Asks, and resolves when every question has an answer, has failed or was given back.
   *
   * An end of the command gives back what waits, and what is not done within the grace. Throws a `BatchFileError` when
   * an answer cannot be written; what was under way is then given back as well.
   */
  async ask(questions: readonly BatchQuestion[]): Promise<BatchTotals> {
    const { asker, graceSeconds } = this.#options;
    const { output, signal } = this.#context;
    const progress = await BatchProgress.start(output, questions.length);
    const ended = AbortSignal.any([signal, this.#broken.signal]);
    const onEnd = (): void => {
      if (signal.aborted) {
        progress.aside(() => output.note(`ending; what is under way has ${graceSeconds} s, Ctrl-C again ends at once`));
      }
      asker.close({ graceSeconds: this.#broken.signal.aborted ? 0 : graceSeconds }).catch(() => undefined);
    };
    ended.addEventListener('abort', onEnd, { once: true });
    const next = questions.values();
    const askOn = async (): Promise<void> => {
      for (const question of next) {
        if (ended.aborted) return;
        await this.#askOne(question, { progress, ended });
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(asker.atATime, questions.length) }, askOn));
    } finally {
      ended.removeEventListener('abort', onEnd);
      progress.end();
      await asker.close();
      this.#texts.flush();
    }
    if (this.#broken.signal.aborted) throw this.#broken.signal.reason;
    return this.#totals;
  }

  async #askOne(question: BatchQuestion, { progress, ended }: Going): Promise<void> {
    let line: AnswerLine;
    try {
      line = { ...question, ...(await this.#options.asker.ask(question.question)) };
    } catch (error) {
      // A question that was given back has not failed: it is asked again when the batch goes on.
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
    progress.aside(() => {
      if (!isAnswered(line)) output.note(`question ${line.index} failed: ${line.error.name}: ${line.error.message}`);
      if (answers !== undefined) return;
      if (json) output.json(line);
      else this.#texts.add(line.index, isAnswered(line) ? line.answer : '');
    });
    await answers?.write(line);
  }
}

interface Going {
  readonly progress: BatchProgress;
  readonly ended: AbortSignal;
}

function factsOf(error: unknown): { readonly name: string; readonly message: string } {
  if (error instanceof JobFailedError) return { name: error.errorName, message: error.message };
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: typeof error, message: String(error) };
}
