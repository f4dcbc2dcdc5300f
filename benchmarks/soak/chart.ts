/** One line of a chart. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

const [width, height] = [800, 260];
const margin = { left: 60, right: 20, top: 34, bottom: 34 };

/** Draws lines over minutes as an SVG. The y-axis starts at zero. The colours are readable on light and dark pages. */
export function chart(title: string, minutes: readonly number[], lines: readonly Line[]): string {
  const last = minutes.at(-1) ?? 1;
  const top = niceAbove(Math.max(...lines.flatMap(({ values }) => values)));
  const x = (minute: number): number => margin.left + (minute / last) * (width - margin.left - margin.right);
  const y = (value: number): number => height - margin.bottom - (value / top) * (height - margin.top - margin.bottom);
  const text = (at: readonly [number, number], words: string, anchor = 'start', colour = '#767676'): string =>
    `<text x="${at[0]}" y="${at[1]}" fill="${colour}" text-anchor="${anchor}">${words}</text>`;
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y(top * share)}" y2="${y(top * share)}" stroke="#7676763f"/>`,
    text([margin.left - 8, y(top * share) + 4], String(top * share), 'end'),
    text([x(last * share), height - 12], `${(last * share).toFixed(0)} min`, 'middle'),
  ]);
  const drawn = lines.flatMap(({ name, colour, values }, index) => {
    const points = values.map((value, at) => `${x(minutes[at] ?? 0).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return [
      `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points}"/>`,
      text([width - margin.right - 120 * (lines.length - 1 - index), 20], name, 'end', colour),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    text([margin.left, 20], title),
    ...grid,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

/** The next larger of 1, 2, 4, 6, 8 or 10 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8].find((step) => step * power >= value) ?? 10) * power;
}
