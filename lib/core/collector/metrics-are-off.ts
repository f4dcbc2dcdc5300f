import { TinyLLMError } from '../errors/tinyllm-error.js';
import { environmentVariable } from '../metrics/environment-variable.js';
import type { Problems } from '../metrics/problems.js';

/** The environment variable that disables all metrics. */
export const metricsVariable = 'TINYLLM_METRICS';

/**
 * Whether the environment variable `TINYLLM_METRICS` is `off`. TinyLLM's own metrics are then not recorded in the whole
 * process. Metrics of the application are.
 */
export function metricsAreOff(): boolean {
  return environmentVariable(metricsVariable)?.toLowerCase() === 'off';
}

/** Describes a value of the variable that is neither `on`, `off` nor empty. Undefined for these values. */
export function switchProblem(value = ''): string | undefined {
  if (/^(?:|on|off)$/i.test(value.trim())) return undefined;
  return `The environment variable ${metricsVariable} is ${JSON.stringify(value)}; expected on or off.`;
}

/** Reports an invalid value of the variable. The metrics stay on. */
export function checkSwitch(problems: Problems): void {
  const problem = switchProblem(environmentVariable(metricsVariable));
  if (problem !== undefined) problems.report(new TinyLLMError(`${problem} The metrics stay on.`));
}
