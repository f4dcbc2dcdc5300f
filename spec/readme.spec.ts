import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readProgram } from '../cli/program.js';
import { metricsTable } from './support/metrics-table.js';
import { codeBlocks, withMetricsTable } from './support/readme.js';
import { seedQueries } from './support/seed-queries.js';

describe('README.md', () => {
  const readme = readFileSync('README.md', 'utf8');
  const blocks = codeBlocks(readme);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

  it('lists the metrics as the catalog has them', () => {
    expect(readme, 'npm run docs brings it up to date').to.equal(withMetricsTable(readme, metricsTable()));
  });

  it('shows code of samples that run', () => {
    const shown = blocks.filter(({ language }) => language === 'ts' || language === 'js');
    expect(shown).not.to.have.length(0);
    for (const { source, code } of shown) {
      expect(source, code).to.match(/^samples\/.+\.(ts|cjs)$/);
      expect(flushLeft(readFileSync(source, 'utf8')), source).to.include(flushLeft(code));
    }
  });

  it('gives the queries that Prometheus evaluates, and all of them', () => {
    const lines = blocks
      .filter(({ language }) => language === 'promql')
      .flatMap(({ code }) => code.split('\n'))
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).to.deep.equal(Object.values(seedQueries).flat());
  });

  it('types commands that the command line accepts', () => {
    const commands = blocks
      .filter(({ language }) => language === 'bash')
      .flatMap(({ code }) => [...code.matchAll(/npx tinyllm (.+)/g)])
      .map(([, words = '']) => [...words.matchAll(/"([^"]*)"|(\S+)/g)].map((word) => word[1] ?? word[2] ?? ''));
    expect(commands).not.to.have.length(0);
    for (const command of commands) expect(readProgram(command).kind, command.join(' ')).to.equal('command');
  });

  it('names npm scripts and files that exist', () => {
    for (const [, script = ''] of readme.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).to.have.property(script);
    for (const [, file = ''] of readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      expect(existsSync(file), file).to.equal(true);
    }
  });
});

function flushLeft(code: string): string {
  return code.replaceAll(/^ +/gm, '');
}
