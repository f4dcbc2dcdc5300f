import uPlot from 'uplot';
import { type Cells, edgesOf, usedRows } from './latency-cells.js';
import type { Theme } from './theme.js';

/** How opaque a cell with a single request is; the fullest one is wholly so. */
const PALEST = 0.18;

/** Labels of the vertical axis that have room. */
const MOST_LABELS = 8;

/** Draws a cell for each time and row in which requests ended, the more, the more opaque. */
export function drawCells(plot: uPlot, { bounds, columns }: Cells, theme: Theme): void {
  const { ctx: context, bbox: box } = plot;
  const [times] = plot.data;
  const most = Math.max(1, ...columns.flatMap((column) => column ?? []));
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.fillStyle = theme.heat;
  columns.forEach((column, place) => {
    const [from, to] = [times[place - 1], times[place]];
    if (column === null || from === undefined || to === undefined) return;
    // Whole pixels, so that no seams show between neighbours.
    const left = Math.round(plot.valToPos(from, 'x', true));
    const right = Math.round(plot.valToPos(to, 'x', true));
    column.forEach((count, row) => {
      if (count === 0) return;
      const [low, high] = edgesOf(bounds, row);
      const top = Math.round(plot.valToPos(high, 'y', true));
      const bottom = Math.round(plot.valToPos(low, 'y', true));
      context.globalAlpha = PALEST + (1 - PALEST) * Math.sqrt((count - 1) / Math.max(1, most - 1));
      context.fillRect(left, top, right - left, bottom - top);
    });
  });
  context.restore();
}

/** A line with a border of the card's colour, so that it is seen on cells of any colour. */
export function borderedPaths(theme: Theme): uPlot.Series.PathBuilder {
  const linear = uPlot.paths.linear?.();
  return (plot, ...rest) => {
    const paths = linear?.(plot, ...rest) ?? null;
    if (!(paths?.stroke instanceof Path2D)) return paths;
    const { ctx: context, bbox: box } = plot;
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    if (paths.clip) context.clip(paths.clip);
    context.setLineDash([]);
    context.strokeStyle = theme.card;
    context.lineWidth = 5 * devicePixelRatio;
    context.stroke(paths.stroke);
    context.restore();
    return paths;
  };
}

/** The vertical axis' range: from the lowest cell to the highest. */
export function cellRange(cells: Cells): [number, number] {
  const rows = usedRows(cells);
  const [first, last] = [rows.at(0), rows.at(-1)];
  return first === undefined || last === undefined
    ? [0.01, 1]
    : [edgesOf(cells.bounds, first)[0], edgesOf(cells.bounds, last)[1]];
}

/** Where the vertical axis has labels: where cells end, unless those are too many. */
export function cellSplits(cells: Cells): number[] {
  const ends = usedRows(cells).map((row) => edgesOf(cells.bounds, row)[1]);
  const step = Math.ceil(ends.length / MOST_LABELS);
  return ends
    .reverse()
    .filter((_end, place) => place % step === 0)
    .reverse();
}
