import ts from 'typescript';

/** Grafana's own types: of dashboards, and of the options of each kind of panel. */
const types = '@grafana/schema';

/** Where the types of a panel's options are, by its type in a dashboard. */
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
 * Grafana's enumerations of texts take no texts, whose values are what JSON holds; and what a panel leaves out of its
 * options has a default.
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

/** What the compiler says of dashboards, by name as JSON texts, when they are to be of Grafana's own types. */
export function schemaFaults(dashboards: ReadonlyMap<string, string>): readonly string[] {
  const constants = [...dashboards].map(([name, json]) => `export const ${name}: Plain<Dashboard> = ${json};`);
  const panels = [...dashboards.values()].flatMap(
    (json) => (JSON.parse(json) as { readonly panels?: readonly ExportedPanel[] }).panels ?? [],
  );
  // Many panels are alike, and the compiler takes its time.
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
