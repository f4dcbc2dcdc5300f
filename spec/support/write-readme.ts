// `npm run docs`: writes the table of metrics in README.md from the catalog.
import { readFileSync, writeFileSync } from 'node:fs';
import { metricsTable } from './metrics-table.js';
import { withMetricsTable } from './readme.js';

writeFileSync('README.md', withMetricsTable(readFileSync('README.md', 'utf8'), metricsTable()));
