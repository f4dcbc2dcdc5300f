import { expect } from 'chai';
import { fleet } from '../../lib/monitoring/dashboards/fleet.js';
import { fleetQueries } from '../../lib/monitoring/queries/fleet-queries.js';
import { needPrograms, prometheus } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { type MonitoredInstance, startInstance } from '../support/monitoring/instance.js';
import { evaluate, type KitServer, startKitPrometheus, untilEqual } from '../support/monitoring/servers.js';

/** How many times each instance records every metric. The sum of each combination is unique. */
const counts = [10, 20, 40] as const;

const federatedRequests = 'sum(job_model_graph:tinyllm_requests:sum)';
const federatedTokens = 'sum(job_model_graph:tinyllm_tokens_output:sum)';
const writtenRequests = 'sum(tinyllm_requests_total)';

// There are three instances. Two leaf servers scrape them, and a global server federates the leaves. Two agents also
// scrape them and write to a second global server. The tests run in order, and each one depends on the earlier ones.
describe('several instances, with federation and with remote write', function () {
  this.timeout(90_000);

  let instances: readonly MonitoredInstance[] = [];
  let startLeafB: () => Promise<KitServer>;
  let federation: Record<'leafA' | 'leafB' | 'global', KitServer>;
  let remote: Record<'agentA' | 'agentB' | 'global', KitServer>;
  const started: { close(): Promise<void> }[] = [];

  before(async function () {
    needPrograms(this, prometheus);
    instances = await Promise.all(counts.map((count) => keep(startInstance(count))));
    const [one = '', two = '', three = ''] = instances.map(({ target }) => target);
    const ports = await Promise.all(Array.from({ length: 5 }, freePort));
    const [leafA = 0, leafB = 0, agentA = 0, agentB = 0, receiver = 0] = ports;
    const at = (port: number) => `127.0.0.1:${port}`;
    const shards = [{ 'instance-1:9090': one, 'instance-2:9090': two }, { 'instance-3:9090': three }] as const;
    const agent = { flags: ['--enable-feature=agent'] };
    const writesTo = { 'global:9091': at(receiver) };
    startLeafB = () => keep(startKitPrometheus('federation/leaf-b.yml', { instead: shards[1], port: leafB }));
    const [a, b, top, writerA, writerB, written] = await Promise.all([
      keep(startKitPrometheus('federation/leaf-a.yml', { instead: shards[0], port: leafA })),
      startLeafB(),
      keep(
        startKitPrometheus('federation/global.yml', {
          instead: { 'leaf-a:9091': at(leafA), 'leaf-b:9091': at(leafB) },
        }),
      ),
      keep(
        startKitPrometheus('remote-write/agent-a.yml', {
          instead: { ...shards[0], ...writesTo },
          port: agentA,
          ...agent,
        }),
      ),
      keep(
        startKitPrometheus('remote-write/agent-b.yml', {
          instead: { ...shards[1], ...writesTo },
          port: agentB,
          ...agent,
        }),
      ),
      keep(
        startKitPrometheus('remote-write/global.yml', {
          instead: { 'agent-a:9091': at(agentA), 'agent-b:9091': at(agentB) },
          port: receiver,
          flags: ['--web.enable-remote-write-receiver'],
        }),
      ),
    ]);
    federation = { leafA: a, leafB: b, global: top };
    remote = { agentA: writerA, agentB: writerB, global: written };
  });

  after(async () => {
    await Promise.all(started.map((one) => one.close()));
  });

  async function keep<Started extends { close(): Promise<void> }>(starting: Promise<Started>): Promise<Started> {
    const one = await starting;
    started.push(one);
    return one;
  }

  it('are summed in each global server', async () => {
    await untilEqual(federation.global, federatedRequests, 70);
    await untilEqual(remote.global, writtenRequests, 70);
    for (const instance of instances) instance.again();
    await untilEqual(federation.global, federatedRequests, 140);
    await untilEqual(federation.global, federatedTokens, 140);
    await untilEqual(federation.global, 'count(up{job="tinyllm"} == 1)', 3);
    await untilEqual(remote.global, writtenRequests, 140);
    await untilEqual(remote.global, 'sum(tinyllm_request_latency_seconds_count)', 140);
    // The same recording rules, evaluated over all series.
    await untilEqual(remote.global, federatedRequests, 140);
  });

  it('have no individual series in the global server of a federation', async () => {
    expect(await evaluate(federation.global, '{__name__=~"tinyllm_.+"}')).to.deep.equal([]);
    expect(
      await evaluate(federation.global, 'count by (leaf) (job_model:tinyllm_circuit_breaker_state:max)'),
    ).to.have.length(2);
  });

  it('appear on the dashboard of the global server', async () => {
    for (const { title, queries } of fleet([]).panels) {
      for (const { expression } of queries) {
        const concrete = expression.replaceAll('$job', 'tinyllm');
        await eventually(async () => (await evaluate(federation.global, concrete)).length > 0).catch(() => {
          throw new Error(`${title}: no samples for ${concrete}`);
        });
      }
    }
    await untilEqual(federation.global, fleetQueries([]).leavesUp.replace('$job', 'tinyllm'), 2);
  });

  it('drop out of the sums when one ends, and an alert becomes pending', async () => {
    await instances[0]!.close();
    const pending = 'count(ALERTS{alertname="TinyLLMTargetDown", alertstate="pending", job="tinyllm"})';
    await untilEqual(federation.global, federatedRequests, 120);
    await untilEqual(federation.global, 'count(up{job="tinyllm"} == 0)', 1);
    await untilEqual(federation.global, pending, 1);
    await untilEqual(remote.global, writtenRequests, 120);
    await untilEqual(remote.global, pending, 1);
  });

  it('drop out of the sums when their leaf ends, and the others stay', async () => {
    await federation.leafB.close();
    await untilEqual(federation.global, federatedRequests, 40);
    const leafDown = 'count(ALERTS{alertname="TinyLLMTargetDown", alertstate="pending", job="tinyllm-leaf"})';
    await untilEqual(federation.global, leafDown, 1);
  });

  it('are summed again with all their counts when the leaf is back', async () => {
    // The leaf's instance continued to record in the meantime.
    instances[2]!.again();
    federation = { ...federation, leafB: await startLeafB() };
    await untilEqual(federation.global, federatedRequests, 160);
    await untilEqual(remote.global, writtenRequests, 160);
    await untilEqual(federation.global, fleetQueries([]).leavesUp.replace('$job', 'tinyllm'), 2);
  });

  it('keep the last values that an ended agent wrote, and the agent is shown as down', async () => {
    await remote.agentB.close();
    await untilEqual(remote.global, 'count(up{job="tinyllm-leaf"} == 0)', 1);
    await untilEqual(remote.global, writtenRequests, 160);
  });
});
