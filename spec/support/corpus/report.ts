import { corpus, readers } from './corpus.js';
import { differences } from './reading.js';

/*
 * Prints a table with the number of correct readings by provider and reader, and then each incorrect reading. Run it
 * with:
 * node --conditions=tinyllm-source --import ./spec/support/register.js spec/support/corpus/report.ts
 */
const problems: string[] = [];
const rows: string[][] = [];
for (const [provider, cases] of corpus) {
  const row = [provider];
  for (const reader of readers) {
    const accepted = cases.filter((one) => reader.accepts(one));
    let correct = 0;
    for (const one of accepted) {
      const found = await reader.read(one).then(
        (reading) => differences(one, reading, reader.blind),
        (error: unknown) => [String(error)],
      );
      if (found.length === 0) correct++;
      else problems.push(`${provider}, ${reader.name}, ${one.name}: ${found.join('; ')}`);
    }
    row.push(accepted.length === 0 ? '' : `${correct}/${accepted.length}`);
  }
  rows.push(row);
}
const table = [['', ...readers.map(({ name }) => name)], readers.map(() => '---').concat('---'), ...rows];
process.stdout.write(`${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n\n${problems.join('\n')}\n`);
