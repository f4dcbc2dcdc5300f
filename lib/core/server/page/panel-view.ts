import { Chart } from './chart.js';
import { dataTable } from './data-table.js';
import { element } from './element.js';
import type { History } from './history.js';
import { columnInWords, rowName, usedRows } from './latency-cells.js';
import type { Panel, Picture } from './panel.js';
import { readable, readableTime } from './readable.js';
import { strokes, type Theme } from './theme.js';

/** How many of the latest values the table has. */
const ROWS = 15;

/** A panel on the page: a figure, a chart, its legend, and all of it as a table. */
export class PanelView {
  readonly #panel: Panel;
  readonly #chart: Chart;
  readonly #place = element('div', { className: 'chart', attributes: { role: 'img' } });
  readonly #headline = element('strong');
  readonly #total = element('span', { className: 'total' });
  readonly #legend = element('ul', { className: 'legend' });
  readonly #nothing: HTMLElement;
  readonly #drawn: HTMLElement;
  readonly #details: HTMLDetailsElement;
  readonly #table = element('div');
  #picture: Picture | undefined;
  #theme: Theme | undefined;

  constructor(panel: Panel, next: HTMLElement) {
    this.#panel = panel;
    const heading = `${panel.id}-heading`;
    const summary = element('summary', { text: 'Values as a table' });
    this.#details = element('details', { children: [summary, this.#table] });
    this.#details.addEventListener('toggle', () => this.#fillTable());
    this.#nothing = element('p', { className: 'nothing', text: panel.nothing });
    const figure = element('p', { className: 'headline', children: [this.#headline, ' ', this.#total] });
    this.#drawn = element('div', { children: [figure, this.#place, this.#legend, this.#details] });
    this.#drawn.hidden = true;
    const title = element('h2', { text: panel.title, id: heading });
    const description = element('p', { text: panel.description, className: 'description' });
    next.before(
      element('section', {
        id: panel.id,
        className: 'panel',
        attributes: { 'aria-labelledby': heading },
        children: [title, description, this.#nothing, this.#drawn],
      }),
    );
    this.#chart = new Chart(this.#place, panel, (point) => this.#fillLegend(point));
  }

  show(history: History, theme: Theme): void {
    const picture = this.#panel.picture(history);
    this.#picture = picture;
    this.#theme = theme;
    this.#nothing.hidden = picture !== undefined;
    this.#drawn.hidden = picture === undefined;
    if (picture === undefined) return;
    this.#headline.textContent = picture.headline;
    this.#total.textContent = picture.total;
    const now = picture.lines.map(({ name, values }) => `${name} ${readable(values.at(-1), this.#panel.unit)}`);
    if (picture.cells !== undefined) now.push(`ended ${columnInWords(picture.cells, picture.times.length - 1)}`);
    const minutes = history.span / 60;
    this.#place.setAttribute('aria-label', `${this.#panel.title}, the last ${minutes} minutes; now ${now.join(', ')}.`);
    this.#chart.draw({ picture, gaps: history.gaps, span: history.span }, theme);
    this.#fillLegend(undefined);
    this.#fillTable();
  }

  #fillLegend(point: number | undefined): void {
    const { lines = [], times = [], cells } = this.#picture ?? {};
    const { unit, shape } = this.#panel;
    const entries = lines.map(({ name, values }, place) => {
      const value = point === undefined ? values.at(-1) : values[point];
      const swatch = element('span', { className: 'swatch', attributes: { 'aria-hidden': 'true' } });
      const colours = this.#theme?.lines ?? [];
      const colour = shape === 'steps' ? this.#theme?.states[value ?? 0] : colours[place % colours.length];
      swatch.style.borderTop = `3px ${shape === 'steps' ? 'solid' : strokes[place % strokes.length]?.border} ${colour}`;
      return element('li', { children: [swatch, `${name} `, element('b', { text: readable(value, unit) })] });
    });
    if (cells !== undefined) {
      const swatch = element('span', { className: 'swatch heat', attributes: { 'aria-hidden': 'true' } });
      const ended = element('b', { text: columnInWords(cells, point ?? times.length - 1) });
      entries.push(element('li', { children: [swatch, 'ended ', ended] }));
    }
    const time = point === undefined ? undefined : times[point];
    if (time !== undefined) entries.unshift(element('li', { text: readableTime(time) }));
    this.#legend.replaceChildren(...entries);
  }

  /** Nobody reads what is folded away, so it is not made. */
  #fillTable(): void {
    if (!this.#details.open || this.#picture === undefined) return;
    // What somebody reads with the keyboard does not change under the fingers.
    if (this.#table.contains(document.activeElement)) return;
    const { times, lines, cells } = this.#picture;
    const used = cells === undefined ? [] : usedRows(cells);
    const rows = times.map((at, place) => [
      readableTime(at),
      ...lines.map(({ values }) => readable(values[place], this.#panel.unit)),
      ...used.map((row) => readable(cells?.columns[place]?.[row], 'count')),
    ]);
    const caption = `${this.#panel.title}, the latest first; a dash where nothing is known`;
    const columns = ['Time', ...lines.map(({ name }) => name), ...used.map((row) => rowName(cells?.bounds ?? [], row))];
    this.#table.replaceChildren(dataTable({ caption, columns, rows: rows.reverse().slice(0, ROWS) }));
  }
}
