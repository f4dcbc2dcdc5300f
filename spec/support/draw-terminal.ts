import type { ViewLine } from '../../cli/commands/top/top-view.js';

/** The width of a character and the height of a line in the font below, in pixels. */
const cell = { width: 8.43, height: 19 } as const;
const margin = 16;
const background = '#1c2128';
const colours = { plain: '#cdd9e5', bold: '#ffffff', red: '#ff7b72', yellow: '#e3b341' } as const;

/** Draws the lines of a terminal as an SVG. */
export function drawTerminal(lines: readonly ViewLine[]): string {
  const columns = Math.max(...lines.map(({ text }) => text.length));
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = lines.length * cell.height + 2 * margin;
  const texts = lines.map(({ text, tone }, row) => {
    const weight = tone === 'bold' ? ' font-weight="bold"' : '';
    // An explicit length keeps the columns aligned in any font.
    const length = ` textLength="${(text.length * cell.width).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
    return `<text x="${margin}" y="${margin + (row + 0.75) * cell.height}" fill="${colours[tone ?? 'plain']}"${weight}${text === '' ? '' : length}>${escaped(text)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14">',
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Escapes a text for SVG. Spaces become no-break spaces, because SVG collapses consecutive spaces. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(' ', '\u00A0');
}
