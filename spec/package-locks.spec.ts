import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';

/** An entry of a `package-lock.json`. Source: https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  /** Whether it is a folder of this repository. */
  readonly link?: boolean;
  /** Whether it is part of another package's archive, whose hash covers it. */
  readonly inBundle?: boolean;
}

describe('the package locks', () => {
  const files = execFileSync('git', ['ls-files', '*package-lock.json'], { encoding: 'utf8' }).trim().split('\n');

  it('include those of the workspace, the benchmarks, the mutation tests, the compatibility tests and the dependents', () => {
    expect(files).to.include.members([
      'package-lock.json',
      'benchmarks/package-lock.json',
      'mutation/package-lock.json',
      'spec/compatibility/package-lock.json',
      'spec/dependents/npm-versions/package-lock.json',
    ]);
  });

  for (const file of files) {
    it(`contain a hash for each package from the registry: ${file}`, () => {
      const lock: { packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(readFileSync(file, 'utf8'));
      const installed = Object.entries(lock.packages).filter(([path]) => path.includes('node_modules/'));
      const missing = installed.filter(
        ([, { link, inBundle, integrity = '' }]) =>
          link !== true && inBundle !== true && !/^sha512-[\w+/]{86}==$/.test(integrity),
      );
      expect(missing.map(([path, { version }]) => `${path}@${version}`)).to.deep.equal([]);
    });
  }
});
