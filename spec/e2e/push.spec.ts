import { expect } from 'chai';
import { needPrograms, pushgateway } from '../support/e2e-programs.js';
import { type RunningPushgateway, startPushgateway } from '../support/pushgateway.js';
import { runNode } from '../support/run-node.js';

const run = ['cli/bin/tinyllm.js', 'run', 'What is 2+2?', '--provider', 'embedded'];

describe("Debian's Pushgateway", function () {
  this.timeout(30_000);

  let gateway: RunningPushgateway | undefined;
  let url: string;

  before(async function () {
    needPrograms(this, pushgateway);
    gateway = await startPushgateway();
    url = gateway.url;
  });
  after(() => gateway?.close());

  it('accepts and stores the push of a run', async () => {
    const ended = await runNode([...run, '--push', url]);
    expect(ended.code, ended.stderr).to.equal(0);
    expect(ended.stdout).to.equal('4\n');
    const text = await (await fetch(`${url}/metrics`)).text();
    const [request = ''] = text.split('\n').filter((line) => line.startsWith('tinyllm_requests_total{'));
    expect(request).to.contain('job="tinyllm"').and.contain('model="embedded"').and.match(/ 1$/);
    expect(text).to.match(/^push_failure_time_seconds\{.*job="tinyllm".*\} 0$/m);
  });

  it('accepts grouping values that are empty or contain special characters', async () => {
    const groupings = { path: '/var/tmp', empty: '', hostile: 'a"b\\c\nd %2F', dots: '..' };
    const script = `
      import { pushMetrics } from 'tinyllm';
      await pushMetrics({ url: ${JSON.stringify(url)}, job: 'a/b', groupings: ${JSON.stringify(groupings)} });
    `;
    const ended = await runNode(['--input-type=module', '--eval', script]);
    expect(ended.code, ended.stderr).to.equal(0);
    const { data } = (await (await fetch(`${url}/api/v1/metrics`)).json()) as {
      readonly data: readonly { readonly labels: Readonly<Record<string, string>> }[];
    };
    const labels = data.map((group) => group.labels).find(({ job }) => job === 'a/b');
    // An empty label is the same as a missing one. The gateway may or may not show it.
    expect({ ...labels, empty: '' }).to.deep.equal({ job: 'a/b', ...groupings });
  });
});
