import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOM_FOR_GARBAGE } from './allocation.js';
import type { Allocations, CallCosts } from './call-cost.js';
import { type FormatCosts, measureFormatCosts } from './formats/format-costs.js';
import { formatSection } from './formats/format-report.js';
import { measureInstalls } from './install-size.js';
import { type LabelCosts, measureLabels } from './labels/label-costs.js';
import { labelSection } from './labels/label-report.js';
import type { MemoryOfSeries } from './memory-of-series.js';
import type { MetricCosts } from './metric-cost.js';
import { allocationReport, report } from './report.js';
import type { OnNode } from './results.js';
import { measureInProcess } from './run-node.js';
import { measureScrapes, type ScrapeCost } from './scrape-cost.js';
import { measureStarts } from './start-cost.js';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    allocation: { type: 'boolean', default: false },
    labels: { type: 'boolean', default: false },
    scrape: { type: 'boolean', default: false },
  },
});
const effort = flags.quick
  ? {
      rounds: 100,
      processes: 1,
      scrapeRounds: 1,
      series: [100, 1_000],
      memorySeries: 2_000,
      formatRounds: 5,
      starts: 3,
    }
  : {
      rounds: 1_000,
      processes: 3,
      scrapeRounds: 3,
      series: [100, 1_000, 10_000],
      memorySeries: 10_000,
      formatRounds: 30,
      starts: 15,
    };

const installed = (name: string): string =>
  fileURLToPath(new URL(`../../node_modules/${name}/bin/node`, import.meta.url));
const existing = (...paths: readonly string[]) =>
  paths
    .filter((path) => existsSync(path))
    .map((execPath) => ({ execPath, version: execFileSync(execPath, ['--version'], { encoding: 'utf8' }).trim() }));

/** The running Node, and a newer Node that `npm run bench` installs if the platform supports it. */
const NODES = existing(process.execPath, installed('node22'));

/** The Nodes on which contexts are measured. `AsyncLocalStorage` differs between them. */
const CONTEXT_NODES = [...NODES, ...existing(installed('node24'))];

const allocationsOn = ({ execPath, version }: (typeof NODES)[number]) =>
  measureInProcess<Allocations>('./measure.js', { execPath, execArgv: ROOM_FOR_GARBAGE, args: ['allocations'] }).then(
    (allocations) => ({ version, allocations }),
  );

if (flags.allocation) {
  const nodes = [];
  for (const node of NODES) nodes.push(await allocationsOn(node));
  console.log(allocationReport(nodes));
} else if (flags.labels) {
  console.log((await measureContextNodes()).flatMap(labelSection).join('\n'));
} else if (flags.scrape) {
  console.log(formatSection(await measureFormatReads()).join('\n'));
} else {
  const text = report({
    nodes: await measureNodes(),
    labels: await measureContextNodes(),
    scrapes: await measureReads(),
    formats: await measureFormatReads(),
    memory: { tinyllm: await memoryOf('tinyllm'), 'prom-client': await memoryOf('prom-client') },
    starts: measureStarts(effort.starts),
    installs: measureInstalls(),
  });
  console.log(text);
  if (!flags.quick) {
    const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
    writeFileSync(readme, text);
    execFileSync('npx', ['biome', 'format', '--write', readme], { stdio: 'ignore' });
    // The project's README shows some of the results.
    execFileSync('npm', ['run', 'docs'], {
      cwd: fileURLToPath(new URL('../../../', import.meta.url)),
      stdio: 'ignore',
    });
  }
}

async function measureNodes(): Promise<OnNode[]> {
  const nodes: OnNode[] = [];
  for (const node of NODES) {
    const args = ['calls', String(effort.rounds)];
    const costs = await measureInProcess<CallCosts>('./measure.js', { execPath: node.execPath, args });
    const metricArgs = ['metrics', String(effort.rounds)];
    const metrics = await measureInProcess<MetricCosts>('./measure.js', {
      execPath: node.execPath,
      args: metricArgs,
    });
    nodes.push({ ...(await allocationsOn(node)), costs, metrics });
  }
  return nodes;
}

async function measureContextNodes(): Promise<LabelCosts[]> {
  const { rounds, processes } = effort;
  const results: LabelCosts[] = [];
  for (const node of CONTEXT_NODES) results.push(await measureLabels({ ...node, rounds, processes }));
  return results;
}

async function measureReads(): Promise<ScrapeCost[]> {
  const scrapes: ScrapeCost[] = [];
  for (const series of effort.series) scrapes.push(...(await measureScrapes(series, effort.scrapeRounds)));
  return scrapes;
}

function measureFormatReads(): Promise<FormatCosts> {
  return measureFormatCosts({ series: effort.memorySeries, rounds: effort.formatRounds });
}

function memoryOf(library: string): Promise<MemoryOfSeries> {
  const args = [library, String(effort.memorySeries)];
  return measureInProcess('./memory-of-series.js', { execArgv: ['--expose-gc'], args });
}
