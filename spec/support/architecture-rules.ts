import ts from 'typescript';
import { catalogRoom, commandLine, defaultExport, fileLength, packages } from './architecture.js';
import { nodesOf, placeOf, type SourceFile } from './source-file.js';

/** Checks all files of `lib/` and `cli/` together. Returns one line per violation. */
export type Rule = (sources: readonly SourceFile[]) => string[];

/** There are no import cycles, and type imports count too. */
export const noCycles: Rule = (sources) => {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports.map(({ file }) => file)]));
  const done = new Set<string>();
  const faults: string[] = [];
  const visit = (path: string, chain: readonly string[]): void => {
    const start = chain.indexOf(path);
    if (start >= 0) faults.push([...chain.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const next of importsOf.get(path) ?? []) visit(next, [...chain, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return faults;
};

/** There are no default exports in any syntax, except in one file. */
export const noDefaultExports: Rule = eachNode((node, { path }) => {
  if (path === defaultExport) return undefined;
  if (ts.isExportAssignment(node)) return 'exports a default';
  if (ts.isExportSpecifier(node)) return node.name.text === 'default' ? 'exports a default' : undefined;
  return node.kind === ts.SyntaxKind.DefaultKeyword && node.parent.kind !== ts.SyntaxKind.DefaultClause
    ? 'exports a default'
    : undefined;
});

/** The entry files of packages. They contain only explicit named exports. */
const entryFiles: ReadonlySet<string> = new Set(
  packages.flatMap(({ folder, entries }) => Object.values(entries).map((file) => `${folder}/${file}`)),
);

/** Entry files re-export by name. No other file consists only of re-exports. */
export const noBarrels: Rule = (sources) =>
  sources.flatMap((source) => {
    const statements = source.tree.statements;
    const isBarrel = statements.length > 0 && statements.every((one) => ts.isExportDeclaration(one));
    if (!entryFiles.has(source.path)) return isBarrel ? [`${source.path} is a barrel`] : [];
    return statements
      .filter((one) => !ts.isExportDeclaration(one) || one.exportClause === undefined)
      .map((one) => `${placeOf(source, one)} is not an explicit named export`);
  });

/** No file is longer than the cap, and the median of all files is below its limit. */
export const filesAreShort: Rule = (sources) => {
  const tooLong = sources
    .filter(({ lines }) => lines > fileLength.cap)
    .map(({ path, lines }) => `${path} has ${lines} lines; the cap is ${fileLength.cap}`);
  const sorted = sources.map(({ lines }) => lines).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return median > fileLength.median
    ? [...tooLong, `the median is ${median} lines; ${fileLength.median} at most`]
    : tooLong;
};

/** The library neither prints nor exits. In the command line, only one file prints and only one file exits. */
export const onlyTheCommandLinePrintsAndExits: Rule = (sources) =>
  eachNode((node, { path }) => {
    if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
    const access = `${node.expression.text}.${node.name.text}`;
    if (access === 'process.kill' && sendsSignalZero(node.parent)) return undefined;
    if (access === 'process.kill' && path === commandLine.signals) return undefined;
    const exits = ['process.exit', 'process.exitCode', 'process.abort', 'process.kill'].includes(access);
    const prints = access.startsWith('console.') || /^process\.std(out|err)$/.test(access);
    if (exits && path !== commandLine.exits) return `uses ${access}`;
    return prints && path !== commandLine.prints && path !== commandLine.exits ? `uses ${access}` : undefined;
  })(sources);

/** Signal 0 only tests whether a process exists. */
function sendsSignalZero(call: ts.Node): boolean {
  const signal = ts.isCallExpression(call) ? call.arguments[1] : undefined;
  return signal !== undefined && ts.isNumericLiteral(signal) && signal.text === '0';
}

/** Metric names are written only in the catalog. */
export const metricNamesOnlyInTheCatalog: Rule = (sources) =>
  eachNode((node) => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node);
    return isText && /\btinyllm_/.test(node.text) ? `contains ${JSON.stringify(node.text)}` : undefined;
  })(sources.filter(({ path }) => !path.startsWith(`${catalogRoom}/`)));

/** Files have kebab-case names. */
export const kebabCaseNames: Rule = (sources) =>
  sources
    .map(({ path }) => path)
    .filter((path) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*(\.spec)?\.ts$/.test(path))
    .map((path) => `${path} is not kebab-case`);

/** `require()` can load an ES module only if it has no top-level `await`. */
export const noTopLevelAwait: Rule = (sources) =>
  sources.flatMap((source) =>
    topLevelNodesOf(source.tree)
      .filter((node) => ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier))
      .map((node) => `${placeOf(source, node)} awaits at the top level`),
  );

function topLevelNodesOf(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [node];
  ts.forEachChild(node, (child) => {
    if (!ts.isFunctionLike(child)) nodes.push(...topLevelNodesOf(child));
  });
  return nodes;
}

function eachNode(fault: (node: ts.Node, source: SourceFile) => string | undefined): Rule {
  return (sources) =>
    sources.flatMap((source) =>
      [...nodesOf(source.tree)].flatMap((node) => {
        const found = fault(node, source);
        return found === undefined ? [] : [`${placeOf(source, node)} ${found}`];
      }),
    );
}
