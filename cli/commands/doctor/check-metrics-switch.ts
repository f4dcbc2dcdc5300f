import { metricsAreOff, metricsVariable, switchProblem } from 'tinyllm/configuration';
import { type Finding, failedWith, note } from './finding.js';

/** Checks the value of `TINYLLM_METRICS`. Returns nothing if the metrics are on. */
export function checkMetricsSwitch(): readonly Finding[] {
  const problem = switchProblem(process.env[metricsVariable]);
  if (problem !== undefined) return [failedWith('switch', problem, `set ${metricsVariable} to on or off, or unset it`)];
  if (!metricsAreOff()) return [];
  return [note('switch', `${metricsVariable}=off disables all metrics`, `unset ${metricsVariable} to record metrics`)];
}
