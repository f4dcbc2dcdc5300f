import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { packages } from './support/architecture.js';
import { codeBlocks } from './support/documents.js';
import { runNode } from './support/run-node.js';
import { entryOf, parseSource } from './support/source-file.js';

/** The maximum number of lines of a README. */
const page = 60;
const decisions = 'docs/decisions';

/** The names that an entry exports, types included. */
function exportsOf(specifier: string): ReadonlySet<string> {
  const file = entryOf(specifier);
  if (file === undefined) return new Set();
  const names = parseSource(file, readFileSync(file, 'utf8')).tree.statements.flatMap((statement) => {
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
    return clause !== undefined && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [];
  });
  return new Set(names);
}

/** The cells of the rows of a document's tables, without backquotes. */
function rowsOf(markdown: string): readonly (readonly string[])[] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}

describe('the README of each package', () => {
  let folder: string;
  before(async () => {
    await mkdir('.cache', { recursive: true });
    // In the clone, so that Node resolves the packages.
    folder = await mkdtemp(resolve('.cache/readme-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const { folder: place, name } of packages) {
    const text = readFileSync(`${place}/README.md`, 'utf8');

    it(`${name}: has at most 60 lines, the package's name as title, and links to files that exist`, () => {
      expect(text.split('\n')[0]).to.equal(`# ${name}`);
      expect(text.split('\n').length).to.be.at.most(page);
      for (const [, link = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        expect(existsSync(join(place, link)), link).to.equal(true);
      }
    });

    const [example] = codeBlocks(text).filter(({ language }) => language === 'ts' || language === 'js');
    if (example === undefined) continue;
    it(`${name}: has an example that runs on the built packages`, async () => {
      const file = join(folder, `${place.replaceAll('/', '-')}.ts`);
      await writeFile(file, example.code);
      const register = resolve('spec/support/register.js');
      const run = await runNode(['--import', register, file], { cwd: folder });
      expect(run).to.deep.include({ code: 0, stderr: '' });
      expect(run.stdout).not.to.equal('');
    }).timeout(60_000);
  }
});

describe('docs/architecture.md', () => {
  const rows = rowsOf(readFileSync('docs/architecture.md', 'utf8'));

  for (const { name, folder, rooms } of packages) {
    it(`lists ${name} with its folder and its rooms`, () => {
      const [, place, , listed = ''] = rows.find(([first]) => first === name) ?? [];
      expect(place).to.equal(folder);
      // The rooms of the core are in a separate table.
      const found =
        name === 'tinyllm'
          ? rows.flatMap(([first = '']) => first.split(', ')).filter((room) => room in rooms)
          : listed.split(', ');
      expect([...found].sort()).to.deep.equal(Object.keys(rooms).sort());
    });
  }
});

describe('docs/upgrading.md', () => {
  it('lists each export of 0.1 with an entry that exports it', () => {
    const rows = rowsOf(readFileSync('docs/upgrading.md', 'utf8')).filter(
      ([name = '', from = '']) => /^\w+( \(type\))?$/.test(name) && entryOf(from) !== undefined,
    );
    expect(rows.length).to.be.at.least(184);
    for (const [name = '', from = '', also = ''] of rows) {
      for (const entry of [from, ...also.split(', ').filter((one) => one !== '–')]) {
        expect(exportsOf(entry), `${name} of ${entry}`).to.include(name.replace(' (type)', ''));
      }
    }
  });
});

describe('the decisions', () => {
  const files = readdirSync(decisions).filter((name) => name !== 'README.md');
  const list = readFileSync(join(decisions, 'README.md'), 'utf8');

  it('have a date, at most 25 lines, and an entry in the list', () => {
    for (const file of files) {
      const text = readFileSync(join(decisions, file), 'utf8');
      const [date = ''] = /^\d{4}-\d{2}-\d{2}/.exec(file) ?? [];
      expect(text, file).to.match(
        new RegExp(`^# .+\\n\\nDate: ${date}\\n\\n## Context\\n[\\s\\S]+## Decision\\n[\\s\\S]+## Consequences\\n`),
      );
      expect(text.trimEnd().split('\n').length, file).to.be.at.most(25);
      expect(list, file).to.include(`](${file})`);
    }
  });

  it('only link to records that exist', () => {
    for (const [, link = ''] of list.matchAll(/\]\(([^)]+)\)/g)) {
      expect(existsSync(join(dirname(join(decisions, 'README.md')), link)), link).to.equal(true);
    }
  });
});
