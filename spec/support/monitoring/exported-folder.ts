import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monitoringFiles } from '../../../lib/monitoring/export/monitoring-files.js';
import type { MonitoringSettings } from '../../../lib/monitoring/settings/settings.js';

/** A temporary folder with the files of an export. */
export interface ExportedFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Exports the monitoring files to a temporary folder. */
export async function exportFolder(settings: Partial<MonitoringSettings>): Promise<ExportedFolder> {
  const path = await mkdtemp(join(tmpdir(), 'tinyllm-export-'));
  for (const [name, text] of monitoringFiles(settings)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, remove: () => rm(path, { recursive: true }) };
}
