import ts from 'typescript';

/** The package with Grafana's types of dashboards and of panel options. */
const types = '@grafana/schema';

/** The name of the module with the types of a panel's options, by panel type. */
const panelTypes: Readonly<Record<string, string>> = {
  gauge: 'Gauge',
  heatmap: 'Heatmap',
  stat: 'Stat',
  'state-timeline': 'StateTimeline',
  table: 'Table',
  text: 'Text',
  timeseries: 'TimeSeries',
};

/**
 * Type helpers. `Plain` replaces Grafana's string enumerations with string literals, because JSON contains strings.
 * `Options` makes all options optional, because they have defaults.
 */
const helpers = `type Plain<T> = T extends string ? \`\${T}\` : T extends readonly (infer Item)[] ? Plain<Item>[] :
  T extends object ? { [Key in keyof T]: Plain<T[Key]> } : T;
type Options<T> = T extends readonly (infer Item)[] ? Options<Item>[] :
  T extends object ? { [Key in keyof T]?: Options<T[Key]> } : T;`;

interface ExportedPanel {
  readonly type: string;
  readonly options?: object;
  readonly fieldConfig?: { readonly defaults?: { readonly custom?: object } };
}

/** Checks dashboards (JSON texts by name) against Grafana's types, and returns the compiler's errors. */
export function schemaFaults(dashboards: ReadonlyMap<string, string>): readonly string[] {
  const constants = [...dashboards].map(([name, json]) => `export const ${name}: Plain<Dashboard> = ${json};`);
  const panels = [...dashboards.values()].flatMap(
    (json) => (JSON.parse(json) as { readonly panels?: readonly ExportedPanel[] }).panels ?? [],
  );
  // Checks equal panels only once, because the compiler is slow.
  const lines = [...new Set(panels.flatMap(panelLines))];
  return diagnose([
    `import type { Dashboard } from '${types}';`,
    ...Object.values(panelTypes).map((name) => `import type * as ${name} from '${optionsOf(name)}';`),
    helpers,
    ...constants,
    ...lines,
  ]);
}

function optionsOf(name: string): string {
  return `${types}/dist/esm/raw/composable/${name.toLowerCase()}/panelcfg/x/${name}PanelCfg_types.gen`;
}

function panelLines({ type, options = {}, fieldConfig }: ExportedPanel): readonly string[] {
  const name = panelTypes[type];
  if (name === undefined) return [`${JSON.stringify(type)} satisfies ${JSON.stringify(Object.keys(panelTypes))};`];
  const custom = fieldConfig?.defaults?.custom;
  return [
    `${JSON.stringify(options, undefined, 1)} satisfies Options<Plain<${name}.Options>>;`,
    ...(custom === undefined
      ? []
      : [`${JSON.stringify(custom, undefined, 1)} satisfies Options<Plain<${name}.FieldConfig>>;`]),
  ].map((line) => `(${line.replace(/;$/, ');')}`);
}

function diagnose(lines: readonly string[]): readonly string[] {
  const path = `${process.cwd()}/dashboards.ts`;
  const text = lines.join('\n');
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
