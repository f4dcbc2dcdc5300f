import type { ScrapeQuery } from './scrape-query.js';

/** How long the main thread has to render the application's own metrics. */
const DEADLINE_MILLISECONDS = 1_000;

/** Asks the main thread for the application's own metrics, and waits no longer than the deadline. */
export class ForeignQuestions {
  readonly #open = new Map<number, (text: string | undefined) => void>();
  #asked = 0;

  constructor(private readonly post: (question: number, query: ScrapeQuery) => void) {}

  /** The metrics as text; undefined when they do not come in time. */
  ask(query: ScrapeQuery): Promise<string | undefined> {
    const question = ++this.#asked;
    return new Promise((resolve) => {
      const settle = (text: string | undefined): void => {
        clearTimeout(deadline);
        this.#open.delete(question);
        resolve(text);
      };
      const deadline = setTimeout(() => settle(undefined), DEADLINE_MILLISECONDS);
      this.#open.set(question, settle);
      this.post(question, query);
    });
  }

  /** The answer to a question; one that comes too late is dropped. */
  answer(question: number, text: string): void {
    this.#open.get(question)?.(text);
  }
}
