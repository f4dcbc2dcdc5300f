import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import ts from 'typescript';
import { readProgram } from '../cli/program.js';
import { readUsers } from '../lib/exposition/web-config/check-users.js';
import { metricsTable } from './support/metrics-table.js';
import { codeBlocks, withMetricsTable } from './support/readme.js';
import { runNode } from './support/run-node.js';
import { seedQueries } from './support/seed-queries.js';

describe('README.md', () => {
  const readme = readFileSync('README.md', 'utf8');
  const blocks = codeBlocks(readme);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

  it('is whole: a merge has left no marks in it', () => {
    expect(readme).not.to.match(/^(?:<{7}|={7}|>{7})(?: |$)/m);
  });

  it('lists the metrics as the catalog has them', () => {
    expect(readme, 'npm run docs brings it up to date').to.equal(withMetricsTable(readme, metricsTable()));
  });

  it('shows code of samples that run', () => {
    const shown = blocks.filter(({ language }) => language === 'ts' || language === 'js');
    expect(shown).not.to.have.length(0);
    for (const { source, code } of shown) {
      expect(source, code).to.match(/^samples\/.+\.(ts|cjs)$/);
      const sample = flushLeft(readFileSync(source, 'utf8'));
      let from = 0;
      // A line "// …" stands for what is left out.
      for (const part of flushLeft(code).split(/^\/\/ …\n/m)) {
        expect(sample.slice(from), source).to.include(part);
        from = sample.indexOf(part, from) + part.length;
      }
    }
  });

  it('leaves no name in its code for the reader to guess', () => {
    const files = blocks
      .filter(({ language }) => language === 'ts')
      .map(({ code }, index) => [`${process.cwd()}/readme-${index}.ts`, code] as const);
    const invented = [`${process.cwd()}/invented.ts`, 'const one = 1;\nexport const sum = one + untold;'] as const;
    expect(undefinedNames(new Map([...files, invented]))).to.deep.equal(["Cannot find name 'untold'."]);
  });

  it('makes a hash of a password that a web configuration takes', async () => {
    const [, code = '', password = ''] = /^node -e "(.+)" '(.+)'$/m.exec(readme) ?? [];
    const { stdout } = await runNode(['-e', code, password]);
    expect(readUsers({ prometheus: stdout.trim() })).to.be.instanceOf(Map);
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

/** What the compiler says of names that files use without a declaration or an import of them. */
function undefinedNames(files: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = { target: ts.ScriptTarget.ESNext, noResolve: true, types: ['node', 'mocha'] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, language, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, language, ...rest) : ts.createSourceFile(name, text, language);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()]
    .flatMap((name) => program.getSemanticDiagnostics(program.getSourceFile(name)))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
    .filter((message) => /^Cannot find name '[\w$]+'|^No value exists in scope/.test(message));
}
