import type { Summary } from './statistics.js';
import { isMet, type Target } from './targets.js';

/** Formats a table, followed by an empty line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line), ''];
}

/** Formats a median and the range of the middle half of the measurements. */
export function spread({ median, lower, upper }: Summary, digits: number): string {
  return `${median.toFixed(digits)} (${lower.toFixed(digits)}–${upper.toFixed(digits)})`;
}

/** Formats targets as a table. */
export function targetLines(targets: readonly Target[]): string[] {
  return table(
    ['target', 'measured', ''],
    targets.map((target) => [
      `${target.what}: ${target.kind} ${target.bound}${unitOf(target)}`,
      `${target.measured.toFixed(2)}${unitOf(target)}`,
      isMet(target) ? 'met' : '**missed**',
    ]),
  );
}

function unitOf({ unit = '×' }: Target): string {
  return unit === '' ? '' : ` ${unit}`;
}
