import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { codeBlocks } from '../support/documents.js';
import { needPrograms, prometheus, python, pythonPrometheusClient } from '../support/e2e-programs.js';
import { startTinyllm, type TinyllmProcess } from '../support/tinyllm-process.js';

/** A program that parses standard input strictly and prints each sample as a line of JSON. */
const parser = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
seen = set()
for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        key = (sample.name, tuple(sorted(sample.labels.items())))
        assert key not in seen, f'twice: {key}'
        seen.add(key)
        print(json.dumps([family.name, family.type, sample.name, sample.labels, str(sample.value)]))
`;

type Sample = readonly [family: string, type: string, name: string, labels: object, value: string];

describe('the text of a scraped run', function () {
  this.timeout(30_000);

  let run: TinyllmProcess | undefined;
  let text: string;

  before(async function () {
    needPrograms(this, prometheus, pythonPrometheusClient);
    run = startTinyllm(
      ...['run', 'What is 2+2?', '--provider', 'embedded'],
      ...['--metrics-port', '0', '--linger', '30'],
    );
    const url = await run.metricsUrl();
    while (run.printed.stdout === '') await new Promise((resolve) => setTimeout(resolve, 20));
    const response = await fetch(url);
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.match(/^text\/plain; *version=0\.0\.4/);
    text = await response.text();
  });

  after(() => run?.close());

  it('contains the lines that README shows', () => {
    const shown = codeBlocks(readFileSync('README.md', 'utf8')).filter(({ language }) => language === 'text');
    expect(shown).to.have.length(1);
    expect(text.split('\n')).to.include.members(shown[0]?.code.trim().split('\n') ?? []);
  });

  it('passes promtool without warnings', () => {
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(checked.stdout + checked.stderr).to.equal('');
    expect(checked.status).to.equal(0);
  });

  it("is accepted by Python's parser, has unique series, and contains the run", () => {
    const parsed = spawnSync(python, ['-c', parser], { input: text, encoding: 'utf8' });
    expect(parsed.stderr).to.equal('');
    const samples = parsed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Sample);
    expect(samples).to.deep.include([
      ...['tinyllm_graph_executions', 'counter', 'tinyllm_graph_executions_total'],
      ...[{ graph: 'multi_domain' }, '1.0'],
    ]);
    expect(new Set(samples.map(([, type]) => type))).to.deep.equal(new Set(['counter', 'gauge', 'histogram']));
  });
});
