import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { VERSION } from '../../../lib/core/version/version.js';
import { packages } from '../../support/architecture.js';

describe('VERSION', () => {
  for (const { folder, name } of packages) {
    // The version of `@tinyllm/prom-client` follows prom-client's, so that peer ranges match.
    if (name === '@tinyllm/prom-client') continue;
    it(`is the version of ${name}, and of the TinyLLM packages that it depends on`, () => {
      const { version, dependencies = {} } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      expect(version).to.equal(VERSION);
      for (const own of packages) expect(dependencies[own.name] ?? VERSION, own.name).to.equal(VERSION);
    });
  }
});
