import { dataTable } from './data-table.js';
import { byId } from './element.js';
import { formatValue } from './format-value.js';
import { nodeStatistics } from './node-statistics.js';
import type { Scrape } from './scrape.js';

/** The table of the slowest nodes. */
export class NodeTable {
  readonly #emptyText = byId('no-nodes');
  readonly #container = byId('nodes-table');
  #shown = '';

  show(scrape: Scrape): void {
    const rows = nodeStatistics(scrape).map(({ node, graph, executions, errors, mean, p95 }) => [
      node,
      formatValue(mean, 'seconds'),
      formatValue(p95, 'seconds'),
      formatValue(executions, 'count'),
      formatValue(errors, 'count'),
      graph,
    ]);
    this.#emptyText.hidden = rows.length > 0;
    const shown = JSON.stringify(rows);
    if (rows.length === 0 || shown === this.#shown) return;
    this.#shown = shown;
    const columns = ['Node', 'Mean', 'p95', 'Executions', 'Errors', 'Graph'];
    const hadFocus = this.#container.contains(document.activeElement);
    const table = dataTable({ caption: 'Slowest nodes since the process started', columns, rows });
    this.#container.replaceChildren(table);
    if (hadFocus) table.focus();
  }
}
