import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkLanguage, findingsPerThousandWords } from './support/language/check-language.js';
import { languageRules } from './support/language/language-rules.js';

/** The most findings per 1,000 words of a folder. */
const MOST = 1.5;

/** The rules and their examples contain the constructions. */
const exempt = /^spec\/support\/language\/|^spec\/language\.spec\.ts$/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.(?:md|ts|tsx|mjs)$/.test(path) && !exempt.test(path));

/** The folder of a file, by which the findings are counted: the room of a package, or else the first folder. */
function folderOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  return folders.slice(0, folders[0] === 'lib' ? 2 : 1).join('/') || 'the root';
}

describe('The language of the project', () => {
  for (const rule of languageRules) {
    it(`avoids ${rule.name}`, () => {
      const found = (text: string): string[] =>
        checkLanguage(new Map([['example.md', text]])).findings.map(({ rule: name }) => name);
      expect(found(rule.before)).to.include(rule.name);
      expect(found(rule.after)).to.deep.equal([]);
    });
  }

  it('is checked in comments, strings and documents, but not in code', () => {
    const text = [
      '// The server begins',
      '// anew.',
      "const told = 'The response tells its token counts.'; /* The `told` list. */",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a source file
      'const text = `the limit of ${told} requests a second is reached`;',
    ].join('\n');
    const { findings } = checkLanguage(new Map([['a.ts', text]]));
    expect(findings.map(({ rule }) => rule)).to.have.members([
      'a rare adverb',
      'a thing that tells',
      '"a" instead of "per"',
    ]);
    const document = '# Title\n\n```bash\ntell anew\n```\n\nSee `tell` for [more](tell-anew.md).\n';
    expect(checkLanguage(new Map([['a.md', document]])).findings).to.deep.equal([]);
  });

  for (const folder of [...new Set(files.map(folderOf))]) {
    it(`is plain in ${folder}`, () => {
      const own = files.filter((path) => folderOf(path) === folder);
      const report = checkLanguage(new Map(own.map((path) => [path, readFileSync(path, 'utf8')])));
      const places = report.findings.map(({ path, rule, excerpt }) => `${path}: ${rule}: …${excerpt}…`);
      expect(findingsPerThousandWords(report), places.join('\n')).to.be.at.most(MOST);
    });
  }
});
