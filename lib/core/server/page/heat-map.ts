import uPlot from 'uplot';
import type { Cells } from './cells.js';
import { edgesOf, usedRows } from './latency-cells.js';
import type { Theme } from './theme.js';

/** Opacity of a cell with one request. The cell with the most requests has an opacity of 1. */
const LOWEST_OPACITY = 0.18;

/** The maximum number of labels of the vertical axis. */
const MAX_LABELS = 8;

/** Draws a cell for each time and row in which requests ended. A cell with more requests is more opaque. */
export function drawCells(plot: uPlot, { bounds, columns }: Cells, theme: Theme): void {
  const { ctx: context, bbox: box } = plot;
  const [times] = plot.data;
  const highest = Math.max(1, ...columns.flatMap((column) => column ?? []));
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.fillStyle = theme.heat;
  columns.forEach((column, index) => {
    const [from, to] = [times[index - 1], times[index]];
    if (column === null || from === undefined || to === undefined) return;
    // Round to whole pixels to avoid seams between adjacent cells.
    const left = Math.round(plot.valToPos(from, 'x', true));
    const right = Math.round(plot.valToPos(to, 'x', true));
    column.forEach((count, row) => {
      if (count === 0) return;
      const [low, high] = edgesOf(bounds, row);
      const top = Math.round(plot.valToPos(high, 'y', true));
      const bottom = Math.round(plot.valToPos(low, 'y', true));
      context.globalAlpha = LOWEST_OPACITY + (1 - LOWEST_OPACITY) * Math.sqrt((count - 1) / Math.max(1, highest - 1));
      context.fillRect(left, top, right - left, bottom - top);
    });
  });
  context.restore();
}

/** Draws a line with a border in the colour of the card, so that it is visible on cells of any colour. */
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

/** The range of the vertical axis, from the lowest cell to the highest. */
export function cellRange(cells: Cells): [number, number] {
  const rows = usedRows(cells);
  const [first, last] = [rows.at(0), rows.at(-1)];
  return first === undefined || last === undefined
    ? [0.01, 1]
    : [edgesOf(cells.bounds, first)[0], edgesOf(cells.bounds, last)[1]];
}

/** Label positions of the vertical axis: the upper bounds of the rows, or every nth of them if there are too many. */
export function cellSplits(cells: Cells): number[] {
  const ends = usedRows(cells).map((row) => edgesOf(cells.bounds, row)[1]);
  const step = Math.ceil(ends.length / MAX_LABELS);
  return ends
    .reverse()
    .filter((_end, index) => index % step === 0)
    .reverse();
}
