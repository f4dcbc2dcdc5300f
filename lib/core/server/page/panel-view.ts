import { Chart } from './chart.js';
import { dataTable } from './data-table.js';
import { element } from './element.js';
import { formatTime, formatValue } from './format-value.js';
import type { History } from './history.js';
import { columnInWords, rowName, usedRows } from './latency-cells.js';
import type { Panel, PanelData } from './panel.js';
import { strokes, type Theme } from './theme.js';

/** The maximum number of rows of the table. */
const ROWS = 15;

/** A panel on the page: headline, chart, legend, and the values as a table. */
export class PanelView {
  readonly #panel: Panel;
  readonly #chart: Chart;
  readonly #container = element('div', { className: 'chart', attributes: { role: 'img' } });
  readonly #headline = element('strong');
  readonly #total = element('span', { className: 'total' });
  readonly #legend = element('ul', { className: 'legend' });
  readonly #emptyText: HTMLElement;
  readonly #drawn: HTMLElement;
  readonly #details: HTMLDetailsElement;
  readonly #table = element('div');
  #data: PanelData | undefined;
  #theme: Theme | undefined;

  constructor(panel: Panel, following: HTMLElement) {
    this.#panel = panel;
    const heading = `${panel.id}-heading`;
    const summary = element('summary', { text: 'Values as a table' });
    this.#details = element('details', { children: [summary, this.#table] });
    this.#details.addEventListener('toggle', () => this.#fillTable());
    this.#emptyText = element('p', { className: 'nothing', text: panel.emptyText });
    const figure = element('p', { className: 'headline', children: [this.#headline, ' ', this.#total] });
    this.#drawn = element('div', { children: [figure, this.#container, this.#legend, this.#details] });
    this.#drawn.hidden = true;
    const title = element('h2', { text: panel.title, id: heading });
    const description = element('p', { text: panel.description, className: 'description' });
    following.before(
      element('section', {
        id: panel.id,
        className: 'panel',
        attributes: { 'aria-labelledby': heading },
        children: [title, description, this.#emptyText, this.#drawn],
      }),
    );
    this.#chart = new Chart(this.#container, panel, (point) => this.#fillLegend(point));
  }

  show(history: History, theme: Theme): void {
    const data = this.#panel.data(history);
    this.#data = data;
    this.#theme = theme;
    this.#emptyText.hidden = data !== undefined;
    this.#drawn.hidden = data === undefined;
    if (data === undefined) return;
    this.#headline.textContent = data.headline;
    this.#total.textContent = data.total;
    const now = data.lines.map(({ name, values }) => `${name} ${formatValue(values.at(-1), this.#panel.unit)}`);
    if (data.cells !== undefined) now.push(columnInWords(data.cells, data.times.length - 1));
    const minutes = history.span / 60;
    this.#container.setAttribute(
      'aria-label',
      `${this.#panel.title}, the last ${minutes} minutes; now ${now.join(', ')}.`,
    );
    this.#chart.draw({ data, gaps: history.gaps, span: history.span }, theme);
    this.#fillLegend(undefined);
    this.#fillTable();
  }

  #fillLegend(point: number | undefined): void {
    const { lines = [], times = [], cells } = this.#data ?? {};
    const { unit, shape } = this.#panel;
    const entries = lines.map(({ name, values }, index) => {
      const value = point === undefined ? values.at(-1) : values[point];
      const swatch = element('span', { className: 'swatch', attributes: { 'aria-hidden': 'true' } });
      const colours = this.#theme?.lines ?? [];
      const colour = shape === 'steps' ? this.#theme?.states[value ?? 0] : colours[index % colours.length];
      swatch.style.borderTop = `3px ${shape === 'steps' ? 'solid' : strokes[index % strokes.length]?.border} ${colour}`;
      return element('li', { children: [swatch, `${name} `, element('b', { text: formatValue(value, unit) })] });
    });
    if (cells !== undefined) {
      const swatch = element('span', { className: 'swatch heat', attributes: { 'aria-hidden': 'true' } });
      entries.push(element('li', { children: [swatch, columnInWords(cells, point ?? times.length - 1)] }));
    }
    const time = point === undefined ? undefined : times[point];
    if (time !== undefined) entries.unshift(element('li', { text: formatTime(time) }));
    this.#legend.replaceChildren(...entries);
  }

  /** Fills the table only while it is open. */
  #fillTable(): void {
    if (!this.#details.open || this.#data === undefined) return;
    // Do not replace the table while the keyboard focus is in it.
    if (this.#table.contains(document.activeElement)) return;
    const { times, lines, cells } = this.#data;
    const used = cells === undefined ? [] : usedRows(cells);
    const rows = times.map((at, index) => [
      formatTime(at),
      ...lines.map(({ values }) => formatValue(values[index], this.#panel.unit)),
      ...used.map((row) => formatValue(cells?.columns[index]?.[row], 'count')),
    ]);
    const caption = `${this.#panel.title}. Latest first; – means no value`;
    const columns = ['Time', ...lines.map(({ name }) => name), ...used.map((row) => rowName(cells?.bounds ?? [], row))];
    this.#table.replaceChildren(dataTable({ caption, columns, rows: rows.reverse().slice(0, ROWS) }));
  }
}
