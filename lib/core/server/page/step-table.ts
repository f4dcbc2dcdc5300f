import { dataTable } from './data-table.js';
import { formatValue } from './format-value.js';
import type { Scrape } from './scrape.js';
import { type StepKind, stepStatistics } from './step-statistics.js';

/** The place and the texts of a table of steps. */
export interface StepTableOptions {
  readonly kind: StepKind;
  readonly container: HTMLElement;
  readonly caption: string;
  /** The headings of the first column and of the number of executions. */
  readonly headings: { readonly name: string; readonly executions: string };
  /** Called with each scrape. */
  readonly onRows: (count: number) => void;
}

/** The table of the slowest nodes or tools. */
export class StepTable {
  readonly #options: StepTableOptions;
  #shown = '';

  constructor(options: StepTableOptions) {
    this.#options = options;
  }

  show(scrape: Scrape): void {
    const { kind, container, caption, headings, onRows } = this.#options;
    const rows = stepStatistics(scrape, kind).map(({ name, graph, executions, errors, mean, p95 }) => [
      name,
      formatValue(mean, 'seconds'),
      formatValue(p95, 'seconds'),
      formatValue(executions, 'count'),
      formatValue(errors, 'count'),
      graph,
    ]);
    onRows(rows.length);
    const shown = JSON.stringify(rows);
    if (rows.length === 0 || shown === this.#shown) return;
    this.#shown = shown;
    const columns = [headings.name, 'Mean', 'p95', headings.executions, 'Errors', 'Graph'];
    const hadFocus = container.contains(document.activeElement);
    const table = dataTable({ caption, columns, rows });
    container.replaceChildren(table);
    if (hadFocus) table.focus();
  }
}
