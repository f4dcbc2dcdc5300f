import type uPlot from 'uplot';
import type { Gap } from './history.js';
import type { Line } from './panel.js';
import type { Theme } from './theme.js';

/** Bar height of each state, as a share of its row. States must differ in more than colour. */
const HEIGHTS = [0.15, 0.35, 0.6];

/** Hatches the time ranges without data. */
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

/** Draws one row of bars per line of states, with its name above it. The first line is at the top. */
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
    values.forEach((state, index) => {
      const time = times[index];
      if (state === null || time === undefined) return;
      const isKnownNext = typeof values[index + 1] === 'number';
      // Round to whole pixels to avoid seams between adjacent bars.
      const left = Math.round(plot.valToPos(time, 'x', true));
      const next = isKnownNext ? Math.round(plot.valToPos(times[index + 1] ?? time, 'x', true)) : undefined;
      const bottom = plot.valToPos(lines.length - row - 0.95, 'y', true);
      const top = plot.valToPos(lines.length - row - 0.95 + (HEIGHTS[state] ?? 0.6), 'y', true);
      context.fillStyle = theme.states[state] ?? theme.text;
      context.fillRect(left, top, (next ?? left + 2 * devicePixelRatio) - left, bottom - top);
    });
  });
  context.restore();
}
