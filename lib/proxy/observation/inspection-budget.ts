/** Memory for looking into bodies, for all exchanges of a proxy together. */
export class InspectionBudget {
  #free: number;

  /** @param bytes Default 64 MiB. */
  constructor(bytes = 64 * 1024 * 1024) {
    this.#free = bytes;
  }

  /** A part of the memory for one body; takes nothing yet. */
  part(): BudgetPart {
    let taken = 0;
    return {
      resize: (bytes) => {
        const more = bytes - taken;
        if (more > 0 && more > this.#free) return false;
        this.#free -= more;
        taken = bytes;
        return true;
      },
    };
  }
}

/** The memory of one body. */
export interface BudgetPart {
  /** Takes this many bytes in total, and gives back what was taken beyond. Returns false if there are not enough. */
  resize(bytes: number): boolean;
}
