import { execFileSync, execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compare, hash } from 'bcryptjs';
import { expect } from 'chai';
import ts from 'typescript';
import { catalog } from '../lib/core/catalog/catalog.js';
import type { MetricOptions } from '../lib/core/metrics/descriptor.js';
import { startMetricsServer } from '../lib/core/server/metrics-server.js';
import { readUsers } from '../lib/core/server/web-config/check-users.js';
import { codeBlocks, documentFiles, shellCommands } from './support/documents.js';
import { generatedDocuments } from './support/generated-documents.js';
import { seedQueries } from './support/seed-queries.js';

describe('the documents', () => {
  const documents = documentFiles().map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const blocks = documents.flatMap(({ file, text }) => codeBlocks(text).map((block) => ({ file, ...block })));
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

  it('contain no conflict markers of a merge', () => {
    for (const { file, text } of documents) expect(text, file).not.to.match(/^(?:<{7}|={7}|>{7})(?: |$)/m);
  });

  it('contain the generated tables of metrics, flags and measurements', () => {
    for (const [file, text] of generatedDocuments()) {
      expect(readFileSync(file, 'utf8'), `${file} is out of date; run npm run docs`).to.equal(text);
    }
  });

  it('begin with a README of at most 350 lines', () => {
    expect(documents[0]?.file).to.equal('README.md');
    expect(documents[0]?.text.split('\n').length).to.be.at.most(350);
  });

  it('are all linked from the README', () => {
    const readme = documents[0]?.text ?? '';
    for (const { file } of documents.slice(1)) expect(readme, file).to.include(`](${file})`);
  });

  it('only show code of samples', () => {
    const shown = blocks.filter(({ language }) => language === 'ts' || language === 'js');
    expect(shown).not.to.have.length(0);
    for (const { source, code } of shown) {
      expect(source, code).to.match(/^samples\/.+\.(ts|cjs)$/);
      const sample = flushLeft(readFileSync(source, 'utf8'));
      let from = 0;
      // A line "// …" replaces omitted code.
      for (const part of flushLeft(code).split(/^\/\/ …\n/m)) {
        expect(sample.slice(from), source).to.include(part);
        from = sample.indexOf(part, from) + part.length;
      }
    }
  });

  it('declare or import each name that their code uses', () => {
    const files = blocks
      .filter(({ language }) => language === 'ts')
      .map(({ code }, index) => [`${process.cwd()}/shown-${index}.ts`, code] as const);
    const invented = [`${process.cwd()}/invented.ts`, 'const one = 1;\nexport const sum = one + undeclared;'] as const;
    expect(undefinedNames(new Map([...files, invented]))).to.deep.equal(["Cannot find name 'undeclared'."]);
  });

  it('contain a command that hashes a password for a web configuration', async () => {
    const text = documents.find(({ file }) => file === 'docs/tls.md')?.text ?? '';
    const [, code = ''] = /^node -e "(.+)"$/m.exec(text) ?? [];
    const hashed = execFileSync(process.execPath, ['-e', code], { input: 'the password\n', encoding: 'utf8' }).trim();
    expect(readUsers({ prometheus: hashed })).to.be.instanceOf(Map);
    expect(await compare('the password', hashed)).to.equal(true);
  });

  it('contain a command and a web configuration with which a server starts', async () => {
    const text = documents.find(({ file }) => file === 'docs/tls.md')?.text ?? '';
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-documents-'));
    const certificateCommand = shellCommands(text).find((command) => command.startsWith('openssl '));
    execSync(certificateCommand ?? 'false', { cwd: folder, stdio: 'ignore' });
    const configuration = codeBlocks(text).find(({ language }) => language === 'yaml')?.code ?? '';
    const withoutClients = configuration.replaceAll(/^ *client_.*\n/gm, '');
    const webConfigFile = join(folder, 'web.config.yml');
    await writeFile(webConfigFile, withoutClients.replace('$2b$10$…', await hash('the password', 10)));
    const server = await startMetricsServer({ port: 0, webConfigFile });
    try {
      const [, auth = ''] = /^curl --cacert server\.pem --user '(.+)' https:\/\/localhost:/m.exec(text) ?? [];
      const ca = await readFile(join(folder, 'server.pem'));
      const status = await new Promise((resolve, reject) => {
        const options = { ca, auth, host: 'localhost', port: server.port, path: '/metrics', family: 4, agent: false };
        get(options, (response) => resolve(response.resume().statusCode)).on('error', reject);
      });
      expect(status).to.equal(200);
    } finally {
      await server.close();
      await rm(folder, { recursive: true });
    }
  });

  it('contain exactly the queries that the tests evaluate in Prometheus', () => {
    const lines = blocks
      .filter(({ language }) => language === 'promql')
      .flatMap(({ code }) => code.split('\n'))
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).to.deep.equal(Object.values(seedQueries).flat());
  });

  it('name the metrics that have additional labels, but no label `graph`', () => {
    const text = documents.find(({ file }) => file === 'docs/labels.md')?.text ?? '';
    const [, listed = ''] = /So do\s([\s\S]+?)\.\n/.exec(text) ?? [];
    const names = Object.values<MetricOptions>(catalog)
      .filter(({ perCall, labels = [] }) => perCall && !labels.includes('graph'))
      .map(({ name }) => name);
    expect([...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name)).to.deep.equal(names);
  });

  it('only mention npm scripts, files and headings that exist', () => {
    for (const { file, text } of documents) {
      for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) expect(scripts, file).to.have.property(script);
      for (const [, link = '', anchor] of text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
        const target = link === '' ? file : join(dirname(file), link);
        expect(existsSync(target), `${file}: ${link}`).to.equal(true);
        if (anchor !== undefined) expect(anchorsOf(readFileSync(target, 'utf8')), file).to.include(anchor);
      }
    }
  });
});

/** The link anchors of all headings. */
function anchorsOf(markdown: string): readonly string[] {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function flushLeft(code: string): string {
  return code.replaceAll(/^ +/gm, '');
}

/** The compiler's errors for names that files use without a declaration or an import. */
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
