import { TinyLLMError } from '../errors/tinyllm-error.js';
import { environmentVariable } from '../metrics/environment-variable.js';
import type { Problems } from '../metrics/problems.js';

const VARIABLE = 'TINYLLM_METRICS';

/** Whether the environment variable `TINYLLM_METRICS` is `off`. Nothing is then recorded in the whole process. */
export function metricsAreOff(): boolean {
  return environmentVariable(VARIABLE)?.toLowerCase() === 'off';
}

/** Reports a value of the variable that is neither `on`, `off` nor empty. The metrics stay on. */
export function checkSwitch(problems: Problems): void {
  const value = environmentVariable(VARIABLE) ?? '';
  if (/^(?:|on|off)$/i.test(value)) return;
  problems.report(
    new TinyLLMError(
      `The environment variable ${VARIABLE} is ${JSON.stringify(value)}; expected on or off. The metrics stay on.`,
    ),
  );
}
