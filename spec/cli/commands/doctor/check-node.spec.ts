import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkNode, oldestNode } from '../../../../cli/commands/doctor/check-node.js';

describe('checkNode', () => {
  it('accepts the same versions as package.json', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(`${oldestNode}`).to.equal(`${engines.node.replace('>=', '')}.0`);
    for (const version of [process.versions.node, oldestNode, '20.19.1', '22.0.0', '100.1.0']) {
      expect(checkNode(version)).to.deep.equal({ check: 'node', verdict: 'ok', found: version });
    }
    for (const version of ['18.20.4', '20.18.9', '20.9.0', '9.99.99']) {
      const finding = checkNode(version);
      expect(finding).to.include({
        verdict: 'failed',
        found: `${version} is not supported; the minimum is ${oldestNode}`,
      });
      expect(finding.fix).to.include('https://nodejs.org');
    }
  });
});
