import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

describe('SECURITY.md', () => {
  const text = readFileSync('SECURITY.md', 'utf8').replaceAll(/\n *(?![-#|\n ])/g, ' ');
  const claims = text.split('\n').filter((line) => line.startsWith('- '));
  const references = [...text.matchAll(/\]\((spec\/[^)]+)\): "([^"]+)"/g)].map(([, file = '', title = '']) => ({
    file,
    title,
  }));

  it('names a spec for every claim', () => {
    expect(claims).not.to.have.length(0);
    for (const claim of claims) expect(claim).to.match(/\]\(spec\/[^)]+\.spec\.ts\): "/);
  });

  it('names specs that are there, by their titles', () => {
    const missing = references.filter(({ file, title }) => !existsSync(file) || !holds(file, title));
    expect(missing).to.deep.equal([]);
  });

  it('states for every limit its value, the file that enforces it and a spec', () => {
    const table = text.slice(text.indexOf('## Limits'));
    const rows = table
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| server') && !line.startsWith('| ---'));
    expect(rows).to.have.length.greaterThan(20);
    for (const row of rows) {
      const [, server, limited, limit, enforced = '', test] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
      for (const cell of [server, limited, limit]) expect(cell, row).to.match(/\w/);
      expect(test, row).to.match(/\]\(spec\/[^)]+\.spec\.ts\): "/);
      const files = [...enforced.matchAll(/\]\(((?:lib|cli)\/[^)]+\.ts)\)/g)].map(([, file = '']) => file);
      expect(files, row).not.to.have.length(0);
      for (const file of files) expect(existsSync(file), file).to.equal(true);
    }
  });

  it('shows nobody where to write by mail', () => {
    expect(text).not.to.match(/\S@\S+\.\w/);
  });
});

/** Whether a spec has this title, or a case of it this name. */
function holds(file: string, title: string): boolean {
  const text = readFileSync(file, 'utf8');
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => text.includes(quoted));
}
