import { element } from './element.js';

/** The texts of a table. The first cell of each row is the header of the row. */
export interface TableContent {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Creates a table that can be scrolled horizontally, also with the keyboard. */
export function dataTable({ caption, columns, rows }: TableContent): HTMLElement {
  const head = columns.map((column) => element('th', { text: column, attributes: { scope: 'col' } }));
  const body = rows.map((cells) => {
    const [first = '', ...rest] = cells;
    const about = element('th', { text: first, attributes: { scope: 'row' } });
    return element('tr', { children: [about, ...rest.map((text) => element('td', { text }))] });
  });
  const table = element('table', {
    children: [
      element('caption', { text: caption }),
      element('thead', { children: [element('tr', { children: head })] }),
      element('tbody', { children: body }),
    ],
  });
  return element('div', {
    className: 'scrolls',
    attributes: { role: 'region', tabindex: '0', 'aria-label': caption },
    children: [table],
  });
}
