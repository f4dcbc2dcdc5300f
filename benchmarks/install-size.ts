import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The disk space that a library and its dependencies use after `npm install` in an empty folder. */
export interface InstallSize {
  readonly packages: number;
  readonly mebibytes: number;
}

/** Install sizes by library. */
export type InstallSizes = Readonly<Record<string, InstallSize>>;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const own = JSON.parse(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** The packages of each compared library. Their versions are those of the benchmarks' `package.json`. */
const PEERS: Readonly<Record<string, readonly string[]>> = {
  'prom-client': ['prom-client'],
  '@prometheus-io/client': ['@prometheus-io/client'],
  'OpenTelemetry SDK': ['@opentelemetry/sdk-metrics', '@opentelemetry/exporter-prometheus'],
};

/** Packs the core, and installs it and each compared library in an empty folder. Needs a package registry. */
export function measureInstalls(): InstallSizes {
  const folder = mkdtempSync(join(tmpdir(), 'tinyllm-install-size-'));
  try {
    const args = ['pack', '--workspace', 'tinyllm', '--ignore-scripts', '--json', '--pack-destination', folder];
    const [packed] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })) as { filename: string }[];
    const specifiers = Object.entries(PEERS).map(([library, names]) => [
      library,
      names.map((name) => `${name}@${own.dependencies[name]}`),
    ]);
    const all = { tinyllm: [join(folder, packed!.filename)], ...Object.fromEntries(specifiers) };
    return Object.fromEntries(
      Object.entries(all).map(([library, names]) => [library, installedSize(names as string[])]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function installedSize(specifiers: readonly string[]): InstallSize {
  const folder = mkdtempSync(join(tmpdir(), 'tinyllm-installed-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{}\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...specifiers], {
      cwd: folder,
      stdio: 'ignore',
    });
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as { packages: object };
    const kibibytes = Number.parseInt(
      execFileSync('du', ['-sk', 'node_modules'], { cwd: folder, encoding: 'utf8' }),
      10,
    );
    return { packages: Object.keys(packages).filter((path) => path !== '').length, mebibytes: kibibytes / 1_024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
