import { metricsAreOff, metricsVariable } from 'tinyllm/configuration';
import type { CommandContext } from '../command/command-context.js';

/** Prints a note on stderr if `TINYLLM_METRICS` is `off`. Call it in commands that export metrics. */
export function noteDisabledMetrics({ output }: Pick<CommandContext, 'output'>): void {
  if (metricsAreOff()) output.note(`${metricsVariable}=off disables the metrics of this process`);
}
