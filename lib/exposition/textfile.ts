import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { MetricsDeliveryError } from '../errors.js';
import { replaceFile } from '../files/replace-file.js';
import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { renderText } from './render.js';

/**
 * Writes metrics to a file for node_exporter's textfile collector, which reads every `*.prom` of a folder.
 *
 * The file is replaced as a whole: a reader sees the old or the new, never a part.
 * Source: https://github.com/prometheus/node_exporter#textfile-collector
 *
 * @throws {MetricsDeliveryError} when it cannot be written, or its name does not end in `.prom`.
 */
export async function writeMetricsFile(file: string, registry: SharedRegistry = sharedRegistry): Promise<void> {
  if (!file.endsWith('.prom')) {
    throw new MetricsDeliveryError(file, `${file} does not end in .prom; node_exporter reads no other files.`);
  }
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  try {
    await replaceFile(file, { temporary, text: await renderText(registry) });
  } catch (cause) {
    throw new MetricsDeliveryError(file, `The metrics cannot be written to ${file}: ${(cause as Error).message}.`, {
      cause,
    });
  }
}
