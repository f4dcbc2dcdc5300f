import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from 'mocha';

/** The supported major versions of Node. `.ci/fetch-nodes` installs those that don't run the specs. */
export const nodeVersions = ['20', '22', '24', '26'] as const;

const [own] = process.versions.node.split('.');

/**
 * The path of a version of Node. Skips the spec if that version is missing. If the environment has
 * `TINYLLM_E2E=required`, it throws instead.
 */
export function needNode(context: Context, version: string): string {
  if (version === own) return process.execPath;
  const platform = `node-${process.platform}-${process.arch}`;
  const program = resolve(`.cache/nodes/${version}/node_modules/${platform}/bin/node`);
  try {
    accessSync(program, constants.X_OK);
    return program;
  } catch {
    if (process.env.TINYLLM_E2E === 'required')
      throw new Error(`end-to-end specs need Node ${version}: run .ci/fetch-nodes`);
    return context.skip();
  }
}
