import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

describe('SECURITY.md', () => {
  const text = readFileSync('SECURITY.md', 'utf8').replaceAll(/\n *(?![-#|\n ])/g, ' ');
  const claims = text.split('\n').filter((line) => line.startsWith('- '));
  const references = [...text.matchAll(/\]\((spec\/[^)]+)\): "([^"]+)"/g)].map(([, file = '', title = '']) => ({
    file,
    title,
  }));

  it('links each claim to a spec', () => {
    expect(claims).not.to.have.length(0);
    for (const claim of claims) expect(claim).to.match(/\]\(spec\/[^)]+\.spec\.ts\): "/);
  });

  it('only links to specs that exist, with the titles of their tests', () => {
    const missing = references.filter(({ file, title }) => !existsSync(file) || !hasTitle(file, title));
    expect(missing).to.deep.equal([]);
  });

  it('states the value, the enforcing file and a spec for each limit', () => {
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

  it('contains no mail address', () => {
    expect(text).not.to.match(/\S@\S+\.\w/);
  });
});

/** Whether a spec contains a test or a case with this title. */
function hasTitle(file: string, title: string): boolean {
  const text = readFileSync(file, 'utf8');
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => text.includes(quoted));
}
