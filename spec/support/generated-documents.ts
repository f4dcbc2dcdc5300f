import { readFileSync } from 'node:fs';
import { commandTables, environmentTable } from './command-tables.js';
import { comparisonTable } from './comparison-table.js';
import { compatibilityTable } from './compatibility-table.js';
import { withGenerated } from './documents.js';
import { metricsTable } from './metrics-table.js';

/** The expected texts of all documents with generated parts, by file. */
export function generatedDocuments(): ReadonlyMap<string, string> {
  const read = (file: string): string => readFileSync(file, 'utf8');
  const comparison = comparisonTable(read('benchmarks/README.md'));
  const readme = withGenerated(read('README.md'), 'comparison', comparison);
  return new Map([
    ['README.md', withGenerated(readme, 'metrics', metricsTable('first'))],
    ['docs/metrics.md', withGenerated(read('docs/metrics.md'), 'metrics', metricsTable())],
    ['docs/configuration.md', withGenerated(read('docs/configuration.md'), 'environment', environmentTable())],
    [
      'docs/compatibility.md',
      withGenerated(
        read('docs/compatibility.md'),
        'compatibility',
        compatibilityTable(read('spec/compatibility/package.json')),
      ),
    ],
    ['docs/command-line.md', withGenerated(read('docs/command-line.md'), 'commands', commandTables())],
  ]);
}
