import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { monitoringFiles } from '@tinyllm/monitoring';
import type { MonitoringSettings } from '@tinyllm/monitoring/settings';
import { replaceFile, TinyLLMError, unwritable } from 'tinyllm/configuration';
import type { CommandContext } from '../../command/command-context.js';

/** Options of `tinyllm monitoring export`. */
export interface MonitoringExportOptions {
  /** The folder. Created if it does not exist. */
  readonly dir: string;
  /** Whether to overwrite existing files whose content differs. Otherwise, such files prevent the export. */
  readonly force: boolean;
  readonly settings: MonitoringSettings;
}

/**
 * Writes dashboards, rules and configurations to a folder. Doesn't change other files in it.
 *
 * Throws an `ExportError` if existing files differ or a file cannot be written.
 */
export async function monitoringExport(
  { dir, force, settings }: MonitoringExportOptions,
  { output, signal }: CommandContext,
): Promise<void> {
  const files = [...monitoringFiles(settings)].map(([path, text]) => ({ path: join(dir, path), text }));
  const present = await Promise.all(files.map(({ path }) => textOf(path)));
  const differing = files.filter(({ text }, index) => present[index] !== undefined && present[index] !== text);
  const [first] = differing;
  if (first !== undefined && !force) {
    const more = differing.length - 1;
    const what = more === 0 ? 'already exists and differs' : `and ${more} more already exist and differ`;
    const them = more === 0 ? 'it' : 'them';
    throw new ExportError(
      `${first.path} ${what} from the export; pass --force to overwrite ${them}, or use --dir with another folder.`,
    );
  }
  const missing = files.filter((_file, index) => present[index] === undefined);
  for (const { path, text } of [...missing, ...differing]) {
    signal.throwIfAborted();
    await write(path, text);
  }
  const changed = missing.length + differing.length;
  output.text(
    changed === 0
      ? `${dir} is up to date: ${files.length} files.`
      : `${changed} of ${files.length} files written to ${dir}; start with ${join(dir, 'README.md')}.`,
  );
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ExportError(`${path} exists but cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, { text, temporary: `${path}.${randomUUID()}` });
  } catch (cause) {
    throw new ExportError(`${path} cannot be written: ${unwritable(path, cause)}.`, { cause });
  }
}

/** The files of the monitoring kit cannot be written to the folder. */
export class ExportError extends TinyLLMError {}
