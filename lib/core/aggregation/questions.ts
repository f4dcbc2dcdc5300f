interface OpenQuestion<Answer> {
  readonly settle: (answer: Answer | undefined) => void;
  deadline: NodeJS.Timeout;
  isExtended: boolean;
}

/** Questions that are answered by messages, each waited for no longer than the deadline. */
export class Questions<Asked, Answer> {
  readonly #open = new Map<number, OpenQuestion<Answer>>();
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
        clearTimeout(open.deadline);
        this.#open.delete(question);
        resolve(answer);
      };
      const open: OpenQuestion<Answer> = {
        settle,
        deadline: setTimeout(() => settle(undefined), this.deadlineMilliseconds),
        isExtended: false,
      };
      this.#open.set(question, open);
      this.post(question, asked);
    });
  }

  /** Waits up to this long for the answer from now on, because it is being worked on. Only the first call has an effect. */
  extend(question: number, milliseconds: number): void {
    const open = this.#open.get(question);
    if (open === undefined || open.isExtended) return;
    open.isExtended = true;
    clearTimeout(open.deadline);
    open.deadline = setTimeout(() => open.settle(undefined), milliseconds);
  }

  /** The answer to a question; one that comes too late is dropped. */
  answer(question: number, answer: Answer): void {
    this.#open.get(question)?.settle(answer);
  }

  /** No more answers come: nobody waits any longer. */
  giveUp(): void {
    for (const { settle } of [...this.#open.values()]) settle(undefined);
  }
}
