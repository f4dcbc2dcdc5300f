import { metricsVariable, switchProblem } from 'tinyllm/configuration';
import type { CommandArguments } from '../command/command-arguments.js';

/** Checks the value of `TINYLLM_METRICS`, which the library reads. Throws a `UsageError` if it is invalid. */
export function checkMetricsSwitch(args: CommandArguments, environment: NodeJS.ProcessEnv): void {
  const problem = switchProblem(environment[metricsVariable]);
  if (problem !== undefined) throw args.usageError(problem);
}
