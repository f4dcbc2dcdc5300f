import { expect } from 'chai';
import { compatibilityRows } from '../compatibility/rows.js';
import { CompatibilityProject, hasCompatibilityTools } from '../support/compatibility-project.js';
import { needNode } from '../support/node-versions.js';

describe('an application is scraped while its main thread is blocked, with', function () {
  this.timeout(400_000);
  let project: CompatibilityProject;

  before(async function () {
    if (await hasCompatibilityTools()) {
      project = await CompatibilityProject.make();
      return;
    }
    const advice = 'end-to-end specs need the tools of the compatibility matrix: .ci/fetch-compatibility';
    if (process.env.TINYLLM_E2E === 'required') throw new Error(advice);
    process.stderr.write(`\n  skipped; ${advice}\n`);
    this.skip();
  });

  after(() => project?.remove());

  for (const row of compatibilityRows) {
    it(row.name, async function () {
      const node = row.node === undefined ? process.execPath : needNode(this, row.node);
      const scraped = await project.run(row, node);
      expect(scraped.split('\n')).to.include.members([
        'tinyllm_node_executions_total{node="router",graph="assistant"} 3',
        'tinyllm_node_errors_total{node="router",graph="assistant",error_type="RangeError"} 1',
        'tinyllm_requests_total{model="echo",graph="assistant",request_type="generate"} 1',
      ]);
      // The default labels of nodes and errors are their class names.
      const [, planner] = /^tinyllm_node_executions_total\{node="(.*)",graph="default"\} 1$/m.exec(scraped) ?? [];
      const [, error] = /^tinyllm_node_errors_total\{.*error_type="(?!RangeError)(.*)"\} 1$/m.exec(scraped) ?? [];
      const name = (full: string) => (row.shortensNames ? /^[\w$]{1,3}$/ : new RegExp(`^${full}$`));
      expect(planner).to.match(name('PlannerNode'));
      expect(error).to.match(name('QuotaError'));
    });
  }
});
