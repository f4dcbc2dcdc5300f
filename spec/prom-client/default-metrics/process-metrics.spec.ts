import { expect } from 'chai';
import { DefaultMetrics } from '../../../lib/prom-client/default-metrics/default-metrics.js';
import {
  addCpuTime,
  addOpenFiles,
  addProcessMemory,
  memoryUsage,
} from '../../../lib/prom-client/default-metrics/process-metrics.js';
import { Registry } from '../../../lib/prom-client/index.js';

describe('the process metrics', () => {
  const { platform, cpuUsage, memoryUsage: realMemoryUsage } = process;
  afterEach(() => {
    Object.defineProperty(process, 'platform', { value: platform });
    process.cpuUsage = cpuUsage;
    process.memoryUsage = realMemoryUsage;
  });

  it('count the CPU time since they were added', async () => {
    const registry = new Registry();
    let user = 5e6;
    process.cpuUsage = () => ({ user, system: 2 * user });
    addCpuTime(new DefaultMetrics({ register: registry as never }));
    user += 1e6;
    const values = (await registry.getMetricsAsJSON()).map((one) => one.values[0]?.value);
    expect(values).to.deep.equal([1, 2, 3]);
  });

  it('have the active trace as exemplar on request', async () => {
    const API = Symbol.for('opentelemetry.js.api.1');
    const scope = globalThis as { [API]?: unknown };
    const before = scope[API];
    const span = { spanContext: () => ({ traceId: 'a1', spanId: 'b2' }) };
    scope[API] = { context: { active: () => ({ getValue: () => span }) } };
    try {
      const registry = new Registry('application/openmetrics-text; version=1.0.0; charset=utf-8');
      addCpuTime(new DefaultMetrics({ register: registry as never, enableExemplars: true }));
      expect(await registry.metrics()).to.match(/^process_cpu_seconds_total \S+ # \{traceId="a1",spanId="b2"\} /m);
    } finally {
      scope[API] = before;
    }
  });

  it('are fewer on other platforms than Linux', async () => {
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    process.memoryUsage = (() => ({ rss: 7 })) as never;
    const registry = new Registry();
    const metrics = new DefaultMetrics({ register: registry as never });
    addProcessMemory(metrics);
    addOpenFiles(metrics);
    const all = await registry.getMetricsAsJSON();
    expect(all.map(({ name, values }) => [name, values[0]?.value])).to.deep.equal([
      ['process_resident_memory_bytes', 7],
    ]);
  });

  it('have no memory usage if the platform does not report it', () => {
    process.memoryUsage = (() => {
      throw new Error('unsupported');
    }) as never;
    expect(memoryUsage()).to.equal(undefined);
  });
});
