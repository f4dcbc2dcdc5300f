import ts from 'typescript';

/** Grafana's own types. */
const types = '@grafana/schema';

/** Grafana's enumerations of texts take no texts; their values are what JSON holds. */
const plain = `type Plain<T> = T extends string ? \`\${T}\` : T extends readonly (infer Item)[] ? Plain<Item>[] :
  T extends object ? { [Key in keyof T]: Plain<T[Key]> } : T;`;

/** What the compiler says of dashboards, by name as JSON texts, when they are to be of Grafana's own types. */
export function schemaFaults(dashboards: ReadonlyMap<string, string>): readonly string[] {
  const path = `${process.cwd()}/dashboards.ts`;
  const constants = [...dashboards].map(([name, json]) => `export const ${name}: Plain<Dashboard> = ${json};`);
  const text = [`import type { Dashboard } from '${types}';`, plain, ...constants].join('\n');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es5.d.ts'],
    module: ts.ModuleKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.getSourceFile = (name, language, ...rest) =>
    name === path ? ts.createSourceFile(name, text, language) : getSourceFile(name, language, ...rest);
  const program = ts.createProgram([path], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(path))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
