import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { type DoctorOptions, doctor } from '../../../../cli/commands/doctor/doctor.js';
import { captureOutput } from '../../../support/captured-output.js';
import { freePort } from '../../../support/free-port.js';

async function examine(options: Partial<DoctorOptions>) {
  const { output, stdout } = captureOutput();
  const error: unknown = await doctor(
    {
      provider: 'embedded',
      model: undefined,
      baseUrl: undefined,
      metricsPort: undefined,
      store: undefined,
      hub: undefined,
      endpoint: undefined,
      prometheus: undefined,
      json: false,
      ...options,
    },
    new Lifetime(output),
  ).catch((thrown: unknown) => thrown);
  return { stdout: stdout.text, error };
}

describe('tinyllm doctor', () => {
  it('prints one line per check, and a fix for each failure', async () => {
    const port = await freePort();
    const { stdout, error } = await examine({ store: `redis://127.0.0.1:${port}`, hub: `http://127.0.0.1:${port}` });
    expect(error).to.have.property('message', '2 of 6 checks failed.');
    expect(error).to.have.nested.property('report.checks[4].fix', `redis-server --port ${port}`);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, 10).trim())).to.deep.equal([
      ...['✓ node', '✓ package', '✓ metrics', '✓ embedded'],
      ...['✗ redis', '', '✗ hub', ''],
    ]);
    expect(lines[0]).to.equal(`✓ node      ${process.versions.node}`);
    expect(lines[5]).to.equal(`            fix: redis-server --port ${port}`);
  });

  it('prints JSON with --json', async () => {
    const { ok, checks } = JSON.parse((await examine({ json: true })).stdout);
    expect([ok, checks.length]).to.deep.equal([true, 4]);
    expect(checks[0]).to.deep.equal({ check: 'node', verdict: 'ok', found: process.versions.node });
  });
});
