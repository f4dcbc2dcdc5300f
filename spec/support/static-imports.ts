import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { parseSource } from './source-file.js';

/** All direct and transitive static imports of a source or built file: paths in the project and names of packages. */
export function staticImports(path: string, found = new Set<string>()): ReadonlySet<string> {
  for (const statement of parseSource(path, readFileSync(path, 'utf8')).tree.statements) {
    const name = importedBy(statement, path);
    if (name === undefined || found.has(name)) continue;
    found.add(name);
    if (name.endsWith('.ts') || /\/dist\//.test(name)) staticImports(name, found);
  }
  return found;
}

function importedBy(statement: ts.Statement, path: string): string | undefined {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined;
  if (statement.moduleSpecifier === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) return undefined;
  const typesOnly = ts.isImportDeclaration(statement)
    ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    : statement.isTypeOnly;
  if (typesOnly) return undefined;
  const { text } = statement.moduleSpecifier;
  if (!text.startsWith('.')) return text;
  const file = posix.join(posix.dirname(path), text);
  return path.endsWith('.ts') ? file.replace(/\.js$/, '.ts') : file;
}
