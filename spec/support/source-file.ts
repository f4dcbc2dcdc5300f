import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { packages } from './architecture.js';

/** One import or re-export of another file of the project. */
export interface FileImport {
  /** The imported file, relative to the project's root. For a package of the workspace: its entry file. */
  readonly file: string;
  /** The specifier in the source: a relative path or an entry of a package. */
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** A parsed source file. */
export interface SourceFile {
  /** Relative to the project's root, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly tree: ts.SourceFile;
  readonly imports: readonly FileImport[];
}

/** Parses the text of a TypeScript file. */
export function parseSource(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { path, lines, tree, imports: [...importsOf(path, tree)] };
}

/** Reads every TypeScript file below a folder of the project. */
export function readSources(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts') && !/\/(?:dist|node_modules)\//.test(path))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(process.cwd(), path), 'utf8')));
}

/** All nodes of a file. The file itself comes first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

/** The position of a node as `file:line`. */
export function placeOf(source: SourceFile, node: ts.Node): string {
  const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree));
  return `${source.path}:${line + 1}`;
}

function* importsOf(path: string, tree: ts.SourceFile): Generator<FileImport> {
  for (const node of nodesOf(tree)) {
    const specifier = specifierOf(node);
    if (specifier === undefined) continue;
    const file = specifier.startsWith('.')
      ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts')
      : entryOf(specifier);
    if (file !== undefined || isOfWorkspace(specifier)) {
      yield { file: file ?? specifier, specifier, typeOnly: isTypeOnly(node) };
    }
  }
}

/** The entry file of a specifier such as `tinyllm/server`. Undefined if the specifier is no declared entry. */
export function entryOf(specifier: string): string | undefined {
  for (const { name, folder, entries } of packages) {
    const file = specifier === name ? entries['.'] : entries[`.${specifier.slice(name.length)}`];
    if ((specifier === name || specifier.startsWith(`${name}/`)) && file !== undefined) return `${folder}/${file}`;
  }
  return undefined;
}

function isOfWorkspace(specifier: string): boolean {
  return packages.some(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const specifier = node.moduleSpecifier;
    return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : undefined;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return ts.isStringLiteral(node.argument.literal) ? node.argument.literal.text : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [specifier] = node.arguments;
    return specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : undefined;
  }
  return undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return ts.isImportTypeNode(node);
}
