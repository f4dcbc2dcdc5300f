import { labelNameProblem, quote } from 'tinyllm/configuration';

/** Maximum number of undeclared labels that are reported. Their names come from the jobs. */
const maxReports = 16;

/** Selects the labels of jobs that a worker declares. Reports each other label once. */
export class JobLabels {
  readonly #declared: ReadonlySet<string>;
  readonly #onProblem: (problem: string) => void;
  readonly #reported = new Set<string>();

  constructor(declared: readonly string[], onProblem: (problem: string) => void) {
    this.#declared = new Set(declared);
    this.#onProblem = onProblem;
  }

  /** The declared labels among those of a job. */
  declared(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const known = Object.entries(labels).filter(([name]) => {
      if (this.#declared.has(name)) return true;
      this.#report(name);
      return false;
    });
    return Object.fromEntries(known);
  }

  #report(name: string): void {
    if (this.#reported.has(name) || this.#reported.size >= maxReports) return;
    this.#reported.add(name);
    const problem = labelNameProblem(name);
    this.#onProblem(
      problem === undefined
        ? `warning: a question has the label ${quote(name)}, which this worker does not declare; the label is ignored. To record it, add --label ${name}`
        : `warning: a label of a question ${problem} The label is ignored.`,
    );
  }
}
