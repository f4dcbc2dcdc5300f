// Two switches: `enabled` in a running process, and TINYLLM_METRICS for a whole process.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Counter, configureMetrics, registry, TrackNode } from 'tinyllm';

const visits = new Counter({ name: 'visits_total', help: 'Visits.' });

class Greeter {
  readonly id = 'greeter';

  @TrackNode()
  async greet() {
    visits.inc();
    return 'hello';
  }
}

const greeter = new Greeter();
await greeter.greet();
// Calls are not recorded until `enabled` is true again.
configureMetrics({ enabled: false });
await greeter.greet();
configureMetrics({ enabled: true });

const names = registry.getMetricsAsArray().map(({ name }) => name);
console.log(`TINYLLM_METRICS=${process.env.TINYLLM_METRICS ?? 'on'}`);
console.log(`has metrics of TinyLLM: ${names.some((name) => name.startsWith('tinyllm_'))}`);
for (const line of (await registry.metrics()).split('\n')) {
  if (/^(tinyllm_node_executions_total|visits_total)/.test(line)) console.log(line);
}

// Run this file again, without TinyLLM's metrics.
if (process.env.TINYLLM_METRICS === undefined) {
  const env = { ...process.env, TINYLLM_METRICS: 'off' };
  process.stdout.write(execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url)], { env }));
}
