import { existsSync, readFileSync } from 'node:fs';
import { fragments, type Package, packages } from './architecture.js';
import type { Rule } from './architecture-rules.js';
import { entryOf, type SourceFile } from './source-file.js';

/** The package and the room of a file. The room is undefined for the package's entry files. */
interface Place {
  readonly package: Package;
  readonly room: string | undefined;
}

function placeIn(path: string): Place | undefined {
  const found = packages.find(({ folder }) => path.startsWith(`${folder}/`));
  if (found === undefined) return undefined;
  const [first = '', ...rest] = path.slice(found.folder.length + 1).split('/');
  return { package: found, room: rest.length === 0 ? undefined : first };
}

/** Rooms import only the rooms that the table allows, and relative imports stay in their package. */
export const importsFollowTheTable: Rule = (sources) =>
  sources.flatMap((source) => {
    const from = placeIn(source.path);
    if (from === undefined) return [`${source.path}: the table does not list its package`];
    const { room } = from;
    if (room !== undefined && !(room in from.package.rooms))
      return [`${source.path}: the table does not list the room ${room}`];
    return source.imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter(({ file, typeOnly }) => {
        const to = placeIn(file);
        if (to?.package !== from.package) return true;
        if (room === undefined || to.room === room) return false;
        if (to.room === undefined) return true;
        const allowed = from.package.rooms[room] ?? [];
        return !allowed.includes(to.room) && !(typeOnly && from.package.typesOnly?.[room]?.includes(to.room));
      })
      .map(({ file }) => `${source.path} imports ${file}`);
  });

/** Packages import only the packages that the table allows, and only through declared entries. */
export const packagesImportDeclaredEntries: Rule = (sources) =>
  sources.flatMap((source) => {
    const from = placeIn(source.path);
    return source.imports
      .filter(({ specifier }) => /^(?:tinyllm|@tinyllm\/[a-z-]+)(?:\/|$)/.test(specifier))
      .filter(({ specifier }) => {
        const entry = entryOf(specifier);
        const name = packages.find(({ folder }) => entry?.startsWith(`${folder}/`))?.name ?? '';
        return !from?.package.mayImport.includes(name);
      })
      .map(({ specifier }) => `${source.path} imports ${specifier}`);
  });

/** The differences between the table and the package manifests: names, entries and dependencies. */
export function manifestFaults(): readonly string[] {
  return packages.flatMap(({ folder, name, entries, mayImport }) => {
    const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const own = Object.keys(manifest.dependencies ?? {}).filter((one) => /^(?:tinyllm|@tinyllm\/.*)$/.test(one));
    const exported = Object.entries(manifest.exports as Record<string, { 'tinyllm-source'?: string }>)
      .filter(([subpath]) => subpath !== './package.json')
      .map(([subpath, { 'tinyllm-source': source }]) => [subpath, source?.slice('./'.length)]);
    const faults: string[] = [];
    if (manifest.name !== name) faults.push(`${folder} is named ${manifest.name}; expected ${name}`);
    const missing = own.filter((one) => !mayImport.includes(one));
    if (missing.length > 0) faults.push(`${folder} depends on ${missing.join(', ')}`);
    const expected = JSON.stringify(Object.entries(entries));
    if (JSON.stringify(exported) !== expected) faults.push(`${folder} exports ${JSON.stringify(exported)}`);
    const scripts = Object.keys(manifest.scripts ?? {}).filter((one) => /^(?:pre|post)?(?:install|prepare)$/.test(one));
    if (scripts.length > 0)
      faults.push(
        `${folder} has the scripts ${scripts.join(', ')}, which would run a build when the package is linked`,
      );
    if (!existsSync(`${folder}/README.md`)) faults.push(`${folder} has no README.md`);
    return faults;
  });
}

/** Few files are fragments, and no room consists mainly of fragments. */
export const fewFragments: Rule = (sources) => {
  const importers = new Map<string, number>();
  for (const { imports } of sources) {
    for (const file of new Set(imports.map((one) => one.file))) importers.set(file, (importers.get(file) ?? 0) + 1);
  }
  const isFragment = ({ path, lines }: SourceFile) => lines <= fragments.lines && importers.get(path) === 1;
  const found = sources.filter(isFragment);
  const percent = (found.length / sources.length) * 100;
  const faults = percent > fragments.percent ? [`${percent.toFixed(1)} % of the files are fragments`] : [];
  const folderOf = ({ path }: SourceFile) => path.slice(0, path.lastIndexOf('/'));
  for (const room of new Set(sources.map(folderOf))) {
    const files = sources.filter((one) => folderOf(one) === room);
    const share = (files.filter(isFragment).length / files.length) * 100;
    if (files.length >= fragments.roomFiles && share > fragments.roomPercent) {
      faults.push(`${room} is a collection of fragments`);
    }
  }
  return faults;
};
