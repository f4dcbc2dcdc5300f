import { dataTable } from './data-table.js';
import { byId } from './element.js';
import { nodeFigures } from './node-figures.js';
import { readable } from './readable.js';
import type { Scrape } from './scrape.js';

/** The table of the slowest nodes. */
export class NodeTable {
  readonly #nothing = byId('no-nodes');
  readonly #place = byId('nodes-table');
  #shown = '';

  show(scrape: Scrape): void {
    const rows = nodeFigures(scrape).map(({ node, graph, executions, errors, mean, p95 }) => [
      node,
      readable(mean, 'seconds'),
      readable(p95, 'seconds'),
      readable(executions, 'count'),
      readable(errors, 'count'),
      graph,
    ]);
    this.#nothing.hidden = rows.length > 0;
    const shown = JSON.stringify(rows);
    if (rows.length === 0 || shown === this.#shown) return;
    this.#shown = shown;
    const columns = ['Node', 'Mean', 'p95', 'Executions', 'Errors', 'Graph'];
    const hadFocus = this.#place.contains(document.activeElement);
    const table = dataTable({ caption: 'The slowest nodes since the process began', columns, rows });
    this.#place.replaceChildren(table);
    if (hadFocus) table.focus();
  }
}
