import { compatibilityRows } from '../compatibility/rows.js';
import { markdownTable } from './documents.js';

/** The tools of the matrix: the prefix of their rows' names, their name in documents, and their npm package. */
const tools: readonly [prefix: string, name: string, package_: string | undefined][] = [
  ['TypeScript 5.4', 'TypeScript 5.4', 'typescript-5.4'],
  ['TypeScript 5.9', 'TypeScript 5.9', 'typescript-5.9'],
  ['TypeScript 6', 'TypeScript 6', 'typescript'],
  ['TypeScript 7', 'TypeScript 7', 'typescript-7'],
  ['esbuild', 'esbuild', 'esbuild'],
  ['webpack', 'webpack', 'webpack'],
  ['Vite,', 'Vite', 'vite'],
  ['Rollup', 'Rollup', 'rollup'],
  ['tsup', 'tsup', 'tsup'],
  ['Next', 'Next.js', 'next'],
  ['tsx', 'tsx', 'tsx'],
  ['ts-node', 'ts-node', 'ts-node'],
  ['type stripping of Node', 'type stripping of Node', undefined],
  ['Vitest', 'Vitest', 'vitest'],
  ['Jest', 'Jest', 'jest'],
  ['bun', 'Bun', 'bun'],
  ['deno', 'Deno', 'deno'],
];

/** The tested combinations as a table, with the versions in the manifest of `spec/compatibility/`. */
export function compatibilityTable(manifest: string): string {
  const { dependencies } = JSON.parse(manifest) as { readonly dependencies: Readonly<Record<string, string>> };
  const remaining = new Set(compatibilityRows.map(({ name }) => name));
  const rows = tools.map(([prefix, tool, name]) => {
    const found = [...remaining].filter((row) => row.startsWith(prefix));
    for (const row of found) remaining.delete(row);
    const tested = found.map((row) => row.slice(prefix.length).replace(/^[, ]+/, '') || 'default settings');
    return [tool, name === undefined ? '' : versionIn(dependencies[name]), tested.join('; ')];
  });
  if (remaining.size > 0) throw new Error(`The table has no tool for: ${[...remaining].join('; ')}.`);
  return markdownTable([['tool', 'version', 'tested with'], ...rows]);
}

/** The version in a dependency such as `5.4.5` or `npm:typescript@5.4.5`. */
function versionIn(dependency = ''): string {
  return dependency.slice(dependency.lastIndexOf('@') + 1);
}
