/** The memory budget for inspecting bodies, shared by all exchanges of a proxy. */
export class InspectionBudget {
  #free: number;

  /** @param bytes Default 64 MiB. */
  constructor(bytes = 64 * 1024 * 1024) {
    this.#free = bytes;
  }

  /** Creates the part for one body, with 0 bytes. */
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
  /** Changes the size of the part to this total number of bytes. Returns false if the budget is too small. */
  resize(bytes: number): boolean;
}
