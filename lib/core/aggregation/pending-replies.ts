interface PendingReply<Reply> {
  readonly settle: (reply: Reply | undefined) => void;
  deadline: NodeJS.Timeout;
  isExtended: boolean;
}

/** Sends requests by message, and matches the replies by ID. Each request has a deadline. */
export class PendingReplies<Payload, Reply> {
  readonly #pending = new Map<number, PendingReply<Reply>>();
  #lastId = 0;

  /** `send` sends the message of a request. The reply must contain the same ID. */
  constructor(
    private readonly deadlineMilliseconds: number,
    private readonly send: (id: number, payload: Payload) => void,
  ) {}

  /** Sends a request. Resolves to the reply, or to `undefined` after the deadline or after `cancelAll`. */
  request(payload: Payload): Promise<Reply | undefined> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const settle = (reply: Reply | undefined): void => {
        clearTimeout(pending.deadline);
        this.#pending.delete(id);
        resolve(reply);
      };
      const pending: PendingReply<Reply> = {
        settle,
        deadline: setTimeout(() => settle(undefined), this.deadlineMilliseconds),
        isExtended: false,
      };
      this.#pending.set(id, pending);
      this.send(id, payload);
    });
  }

  /**
   * Sets a new deadline, counted from now, because the reply is in progress.
   *
   * Only the first call for an ID has an effect.
   */
  extend(id: number, milliseconds: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.isExtended) return;
    pending.isExtended = true;
    clearTimeout(pending.deadline);
    pending.deadline = setTimeout(() => pending.settle(undefined), milliseconds);
  }

  /** Resolves a request with its reply. A reply after the deadline is ignored. */
  resolve(id: number, reply: Reply): void {
    this.#pending.get(id)?.settle(reply);
  }

  /** Resolves all requests with `undefined`, because there will be no more replies. */
  cancelAll(): void {
    for (const { settle } of [...this.#pending.values()]) settle(undefined);
  }
}
