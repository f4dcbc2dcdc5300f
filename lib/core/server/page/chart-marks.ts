import type uPlot from 'uplot';
import type { Gap } from './history.js';
import type { Line } from './panel.js';
import type { Theme } from './theme.js';

/** How much of its row a state fills, so that states differ in more than colour. */
const HEIGHTS = [0.15, 0.35, 0.6];

/** Hatches the times of which nothing is known. */
export function drawGaps(plot: uPlot, gaps: readonly Gap[], theme: Theme): void {
  const { ctx: context, bbox: box } = plot;
  const spacing = 7 * devicePixelRatio;
  for (const { from, to } of gaps) {
    const left = Math.max(box.left, plot.valToPos(from, 'x', true));
    const right = Math.min(box.left + box.width, plot.valToPos(to, 'x', true));
    if (right <= left) continue;
    context.save();
    context.beginPath();
    context.rect(left, box.top, right - left, box.height);
    context.clip();
    context.beginPath();
    for (let x = left - box.height; x < right; x += spacing) {
      context.moveTo(x, box.top + box.height);
      context.lineTo(x + box.height, box.top);
    }
    context.setLineDash([]);
    context.strokeStyle = theme.muted;
    context.lineWidth = devicePixelRatio;
    context.stroke();
    context.restore();
  }
}

/** Draws a row of bands for each line of states, the first line on top, and its name above it. */
export function drawStates(plot: uPlot, lines: readonly Line[], theme: Theme): void {
  const { ctx: context, bbox: box } = plot;
  const [times] = plot.data;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  context.textBaseline = 'top';
  context.textAlign = 'left';
  lines.forEach(({ name, values }, row) => {
    context.fillStyle = theme.text;
    context.fillText(name, box.left + 4 * devicePixelRatio, plot.valToPos(lines.length - row - 0.05, 'y', true));
    values.forEach((state, place) => {
      const time = times[place];
      if (state === null || time === undefined) return;
      const isKnownNext = typeof values[place + 1] === 'number';
      // Whole pixels, so that no seams show between neighbours.
      const left = Math.round(plot.valToPos(time, 'x', true));
      const next = isKnownNext ? Math.round(plot.valToPos(times[place + 1] ?? time, 'x', true)) : undefined;
      const bottom = plot.valToPos(lines.length - row - 0.95, 'y', true);
      const top = plot.valToPos(lines.length - row - 0.95 + (HEIGHTS[state] ?? 0.6), 'y', true);
      context.fillStyle = theme.states[state] ?? theme.text;
      context.fillRect(left, top, (next ?? left + 2 * devicePixelRatio) - left, bottom - top);
    });
  });
  context.restore();
}
