import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * Builds the Go program that the benchmarks compare with: client_golang with the same series.
 *
 * Returns its path, or undefined if Go is missing or the build fails.
 */
export function buildGoHistograms(): string | undefined {
  const built = spawnSync('.ci/fetch-go-programs', { cwd: ROOT, stdio: 'ignore' });
  return built.status === 0 ? `${ROOT}.cache/bin/go-histograms` : undefined;
}

/** Returns the bytes of memory that a series of client_golang takes. Each series has this number of observations. */
export function goBytesPerSeries(
  program: string,
  options: { readonly series: number; readonly observations: number; readonly native: boolean },
): number {
  const { series, observations, native } = options;
  const args = [...(native ? ['-native'] : []), '-memory', String(observations), String(series)];
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`go-histograms exited with code ${status}: ${stderr}`);
  return Number(stdout);
}
