import { cpus, totalmem } from 'node:os';
import type { AttackResult } from './attack.js';

/** Whether the measured value is within the limit of its attack. */
export const isMet = ({ attack, measured }: AttackResult): boolean => measured <= attack.limit;

/** Writes the results as a Markdown document. */
export function attackReport(results: readonly AttackResult[]): string {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const lines = results.map((result) => {
    const { target, name, measure, unit, limit } = result.attack;
    const amounts = [result.measured, limit].map((value) => amount(value, unit));
    return `| ${[target, name, measure, ...amounts, isMet(result) ? 'met' : '**missed**'].join(' | ')} |`;
  });
  return `# Attacks

\`npm run attack\` attacks each server on loopback, measures the damage and writes this file. The time and memory of each attack are limited.
\`npm run attack -- --only hub\` only runs the attacks whose target or name contains the word, and writes nothing.

Machine: ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${gibibytes} GiB. Node ${process.version}.

| target | attack | measured | result | limit | |
| --- | --- | --- | ---: | ---: | --- |
${lines.join('\n')}
`;
}

function amount(value: number, unit: string): string {
  const digits = Math.abs(value) < 10 ? 1 : 0;
  return unit === 'count' ? String(value) : `${value.toFixed(digits)} ${unit}`;
}
