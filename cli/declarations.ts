import type { CommandDeclaration } from './declarations/declaration.js';
import { graphCheck, graphShow } from './declarations/graph.js';
import { metrics } from './declarations/metrics.js';
import { modelsList, modelsPs, modelsPull } from './declarations/models.js';
import { run } from './declarations/run.js';

/** The commands that only hold other commands. */
export const groups: Readonly<Record<string, string>> = {
  graph: 'Check or show a graph file',
  models: 'List or pull models',
};

/** Every command there is. */
export const commands: readonly CommandDeclaration[] = [
  run,
  metrics,
  graphCheck,
  graphShow,
  modelsList,
  modelsPs,
  modelsPull,
];
