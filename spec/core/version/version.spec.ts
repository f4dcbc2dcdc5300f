import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { VERSION } from '../../../lib/core/version/version.js';
import { packages } from '../../support/architecture.js';

describe('VERSION', () => {
  for (const { folder, name } of packages) {
    if (name === '@tinyllm/prom-client') continue;
    it(`is the version of ${name}, and of the TinyLLM packages that it depends on`, () => {
      const { version, dependencies = {} } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      expect(version).to.equal(VERSION);
      for (const own of packages) expect(dependencies[own.name] ?? VERSION, own.name).to.equal(VERSION);
    });
  }
});

describe('the version of @tinyllm/prom-client', () => {
  const manifest = JSON.parse(readFileSync('lib/prom-client/package.json', 'utf8'));
  const version: string = manifest.version;

  it("is prom-client's with two digits appended to the patch number, so that ranges match and lock files differ", () => {
    const original: string = manifest.dependencies['prom-client-original'].replace('npm:prom-client@', '');
    const [major, minor, patch] = version.split('.').map(Number);
    expect([major, minor, Math.floor(Number(patch) / 100)].join('.')).to.equal(original);
    expect(version).not.to.equal(original);
    expect(manifest.dependencies.tinyllm).to.equal(VERSION);
  });

  for (const file of ['docs/migrating-from-prom-client.md', 'docs/upgrading.md', 'lib/prom-client/README.md']) {
    it(`is the one in ${file}`, () => {
      const found = readFileSync(file, 'utf8').matchAll(/tinyllm[/-]prom-client[@-](\d+\.\d+\.\d+)/g);
      expect([...new Set([...found].map(([, one]) => one))]).to.deep.equal([version]);
    });
  }
});
