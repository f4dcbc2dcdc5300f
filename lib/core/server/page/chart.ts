import uPlot from 'uplot';
import { drawGaps, drawStates } from './chart-marks.js';
import { borderedPaths, cellRange, cellSplits, drawCells } from './heat-map.js';
import type { Gap } from './history.js';
import type { Cells } from './latency-cells.js';
import type { Panel, Picture } from './panel.js';
import { readable, readableTime } from './readable.js';
import { strokes, type Theme } from './theme.js';

/** What a chart draws. */
export interface ChartContent {
  readonly picture: Picture;
  readonly gaps: readonly Gap[];
  /** Seconds that the horizontal axis holds. */
  readonly span: number;
}

/** In CSS pixels. */
const HEIGHT = 190;
const ROW_HEIGHT = 44;

/** The shortest time the horizontal axis holds, in seconds: a page just opened is not empty for minutes. */
const SHORTEST = 60;
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((step) => [1, 10, 100, 1_000, 10_000].map((power) => step * power))
  .sort((a, b) => a - b);

/** A panel's chart; whoever cannot see it has the panel's texts and table. */
export class Chart {
  #plot: uPlot | undefined;
  #content: ChartContent | undefined;
  #drawn = '';

  /** `onPoint` is told which value the pointer is at. */
  constructor(
    private readonly place: HTMLElement,
    private readonly panel: Panel,
    private readonly onPoint: (point: number | undefined) => void,
  ) {
    new ResizeObserver(() => this.#plot?.setSize({ width: place.clientWidth, height: this.#height })).observe(place);
  }

  draw(content: ChartContent, theme: Theme): void {
    this.#content = content;
    const { times, lines } = content.picture;
    const drawn = JSON.stringify([lines.map(({ name }) => name), theme]);
    const data: uPlot.AlignedData = [[...times], ...lines.map(({ values }) => [...values])];
    if (this.#plot !== undefined && drawn === this.#drawn) {
      this.#plot.setData(data);
      return;
    }
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(content.picture, theme), data, this.place);
    this.#drawn = drawn;
  }

  #options({ lines }: Picture, theme: Theme): uPlot.Options {
    const { unit, shape } = this.panel;
    const font = '12px system-ui, sans-serif';
    const axis = { stroke: theme.muted, font, grid: { stroke: theme.grid, width: 1 }, ticks: { show: false } };
    return {
      width: this.place.clientWidth,
      height: this.#height,
      // Half a time of the day has to fit beyond the last line, and before the first where no figures stand.
      padding: [8, 28, 0, shape === 'steps' ? 28 : 0],
      legend: { show: false },
      cursor: { drag: { setScale: false }, y: false, points: { show: shape !== 'steps' } },
      scales: {
        x: { time: true, range: () => this.#timeRange() },
        y: { range: (_plot, _low, high) => this.#range(high), distr: shape === 'heat' ? 3 : 1 },
      },
      axes: [
        { ...axis, space: 58, size: 28, values: (_plot, splits) => splits.map((at) => readableTime(at).slice(0, 8)) },
        {
          ...axis,
          size: 64,
          values: (_plot, splits) => splits.map((value) => readable(value, unit)),
          ...(unit === 'count' ? { incrs: WHOLE_STEPS } : {}),
          ...(shape === 'heat' ? { splits: () => cellSplits(this.#cells), filter: (_plot, splits) => splits } : {}),
          // Rows have their names in the chart, where there is room for them.
          show: shape !== 'steps',
        },
      ],
      series: [
        {},
        ...lines.map(({ name }, place): uPlot.Series => {
          const stroke = theme.lines[place % theme.lines.length] ?? theme.text;
          const dash = [...(strokes[place % strokes.length]?.dash ?? [])];
          if (shape === 'steps') return { label: name, paths: () => null, points: { show: false } };
          if (shape === 'heat') return { label: name, stroke, dash, width: 2, paths: borderedPaths(theme) };
          return { label: name, stroke, dash, width: 2, ...(shape === 'area' ? { fill: `${stroke}26` } : {}) };
        }),
      ],
      hooks: {
        drawClear: [(plot) => drawGaps(plot, this.#content?.gaps ?? [], theme)],
        drawAxes: [(plot) => shape === 'heat' && drawCells(plot, this.#cells, theme)],
        draw: [(plot) => shape === 'steps' && drawStates(plot, this.#content?.picture.lines ?? [], theme)],
        setCursor: [({ cursor }) => this.onPoint(cursor.idx ?? undefined)],
      },
    };
  }

  get #cells(): Cells {
    return this.#content?.picture.cells ?? { bounds: [], columns: [] };
  }

  get #height(): number {
    const rows = this.panel.shape === 'steps' ? (this.#content?.picture.lines.length ?? 0) : 0;
    return Math.max(HEIGHT, rows * ROW_HEIGHT);
  }

  #timeRange(): [number, number] {
    const { times = [] } = this.#content?.picture ?? {};
    const now = times.at(-1) ?? 0;
    return [Math.max(now - (this.#content?.span ?? 0), Math.min(times[0] ?? now, now - SHORTEST)), now];
  }

  #range(high: number | null): [number, number] {
    const { unit, shape } = this.panel;
    if (shape === 'heat') return cellRange(this.#cells);
    if (shape === 'steps') return [0, this.#content?.picture.lines.length ?? 1];
    const top = high === null || high <= 0 ? 1 : high * 1.1;
    return [0, unit === 'percent' ? Math.min(100, Math.max(10, top)) : unit === 'count' ? Math.max(2, top) : top];
  }
}
