import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { VERSION } from '../../../lib/core/version/version.js';

describe('VERSION', () => {
  it("is package.json's", () => {
    expect(VERSION).to.equal((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
  });
});
