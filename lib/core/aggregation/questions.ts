/** Questions that are answered by messages, each waited for no longer than the deadline. */
export class Questions<Asked, Answer> {
  readonly #open = new Map<number, (answer: Answer | undefined) => void>();
  #asked = 0;

  constructor(
    private readonly deadlineMilliseconds: number,
    private readonly post: (question: number, asked: Asked) => void,
  ) {}

  /** The answer; undefined when it does not come in time. */
  ask(asked: Asked): Promise<Answer | undefined> {
    const question = ++this.#asked;
    return new Promise((resolve) => {
      const settle = (answer: Answer | undefined): void => {
        clearTimeout(deadline);
        this.#open.delete(question);
        resolve(answer);
      };
      const deadline = setTimeout(() => settle(undefined), this.deadlineMilliseconds);
      this.#open.set(question, settle);
      this.post(question, asked);
    });
  }

  /** The answer to a question; one that comes too late is dropped. */
  answer(question: number, answer: Answer): void {
    this.#open.get(question)?.(answer);
  }

  /** No more answers come: nobody waits any longer. */
  giveUp(): void {
    for (const settle of [...this.#open.values()]) settle(undefined);
  }
}
