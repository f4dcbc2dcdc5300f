import uPlot from 'uplot';
import type { Cells } from './cells.js';
import { drawGaps, drawStates } from './chart-marks.js';
import { formatTime, formatValue } from './format-value.js';
import { borderedPaths, cellRange, cellSplits, drawCells } from './heat-map.js';
import type { Gap } from './history.js';
import type { Panel, PanelData } from './panel.js';
import { strokes, type Theme } from './theme.js';

/** The data that a chart draws. */
export interface ChartContent {
  readonly data: PanelData;
  readonly gaps: readonly Gap[];
  /** Length of the horizontal axis, in seconds. */
  readonly span: number;
}

/** Heights in CSS pixels. */
const HEIGHT = 190;
const ROW_HEIGHT = 44;

/** Minimum length of the horizontal axis, in seconds. It is short so that the first values fill a new chart. */
const SHORTEST_SPAN = 60;
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((step) => [1, 10, 100, 1_000, 10_000].map((power) => step * power))
  .sort((a, b) => a - b);

/** The chart of a panel. The texts and the table of the panel show the same values for screen readers. */
export class Chart {
  #plot: uPlot | undefined;
  #content: ChartContent | undefined;
  #drawn = '';

  /** `onPoint` receives the index of the value under the pointer; `undefined` if there is none. */
  constructor(
    private readonly container: HTMLElement,
    private readonly panel: Panel,
    private readonly onPoint: (point: number | undefined) => void,
  ) {
    new ResizeObserver(() => this.#plot?.setSize({ width: container.clientWidth, height: this.#height })).observe(
      container,
    );
  }

  draw(content: ChartContent, theme: Theme): void {
    this.#content = content;
    const { times, lines } = content.data;
    const drawn = JSON.stringify([lines.map(({ name }) => name), theme]);
    const aligned: uPlot.AlignedData = [[...times], ...lines.map(({ values }) => [...values])];
    if (this.#plot !== undefined && drawn === this.#drawn) {
      this.#plot.setData(aligned);
      return;
    }
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(content.data, theme), aligned, this.container);
    this.#drawn = drawn;
  }

  #options({ lines }: PanelData, theme: Theme): uPlot.Options {
    const { unit, shape } = this.panel;
    const font = '12px system-ui, sans-serif';
    const axis = { stroke: theme.muted, font, grid: { stroke: theme.grid, width: 1 }, ticks: { show: false } };
    return {
      width: this.container.clientWidth,
      height: this.#height,
      // Leave room for half of a time label at the right, and also at the left if there is no vertical axis.
      padding: [8, 28, 0, shape === 'steps' ? 28 : 0],
      legend: { show: false },
      cursor: { drag: { setScale: false }, y: false, points: { show: shape !== 'steps' } },
      scales: {
        x: { time: true, range: () => this.#timeRange() },
        y: { range: (_plot, _low, high) => this.#range(high), distr: shape === 'heat' ? 3 : 1 },
      },
      axes: [
        { ...axis, space: 58, size: 28, values: (_plot, splits) => splits.map((at) => formatTime(at).slice(0, 8)) },
        {
          ...axis,
          size: 64,
          values: (_plot, splits) => splits.map((value) => formatValue(value, unit)),
          ...(unit === 'count' ? { incrs: WHOLE_STEPS } : {}),
          ...(shape === 'heat' ? { splits: () => cellSplits(this.#cells), filter: (_plot, splits) => splits } : {}),
          // The names of the rows are drawn inside the chart.
          show: shape !== 'steps',
        },
      ],
      series: [
        {},
        ...lines.map(({ name }, index): uPlot.Series => {
          const stroke = theme.lines[index % theme.lines.length] ?? theme.text;
          const dash = [...(strokes[index % strokes.length]?.dash ?? [])];
          if (shape === 'steps') return { label: name, paths: () => null, points: { show: false } };
          if (shape === 'heat') return { label: name, stroke, dash, width: 2, paths: borderedPaths(theme) };
          return { label: name, stroke, dash, width: 2, ...(shape === 'area' ? { fill: `${stroke}26` } : {}) };
        }),
      ],
      hooks: {
        drawClear: [(plot) => drawGaps(plot, this.#content?.gaps ?? [], theme)],
        drawAxes: [(plot) => shape === 'heat' && drawCells(plot, this.#cells, theme)],
        draw: [(plot) => shape === 'steps' && drawStates(plot, this.#content?.data.lines ?? [], theme)],
        setCursor: [({ cursor }) => this.onPoint(cursor.idx ?? undefined)],
      },
    };
  }

  get #cells(): Cells {
    return this.#content?.data.cells ?? { bounds: [], columns: [] };
  }

  get #height(): number {
    const rows = this.panel.shape === 'steps' ? (this.#content?.data.lines.length ?? 0) : 0;
    return Math.max(HEIGHT, rows * ROW_HEIGHT);
  }

  #timeRange(): [number, number] {
    const { times = [] } = this.#content?.data ?? {};
    const now = times.at(-1) ?? 0;
    return [Math.max(now - (this.#content?.span ?? 0), Math.min(times[0] ?? now, now - SHORTEST_SPAN)), now];
  }

  #range(high: number | null): [number, number] {
    const { unit, shape } = this.panel;
    if (shape === 'heat') return cellRange(this.#cells);
    if (shape === 'steps') return [0, this.#content?.data.lines.length ?? 1];
    const top = high === null || high <= 0 ? 1 : high * 1.1;
    return [0, unit === 'percent' ? Math.min(100, Math.max(10, top)) : unit === 'count' ? Math.max(2, top) : top];
  }
}
