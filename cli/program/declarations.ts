import { completionOf } from './declarations/completion.js';
import type { CommandDeclaration } from './declarations/declaration.js';
import { demo } from './declarations/demo.js';
import { doctor } from './declarations/doctor.js';
import { graphCheck, graphShow } from './declarations/graph.js';
import { metrics } from './declarations/metrics.js';
import { modelsList, modelsPs, modelsPull } from './declarations/models.js';
import { monitoringExport } from './declarations/monitoring.js';
import { proxy } from './declarations/proxy.js';
import { run } from './declarations/run.js';
import { serve } from './declarations/serve.js';
import { sessionClear, sessionList, sessionShow } from './declarations/session.js';
import { top } from './declarations/top.js';
import { worker } from './declarations/worker.js';

/** The commands that only hold other commands. */
export const groups: Readonly<Record<string, string>> = {
  graph: 'Check or show a graph file',
  models: 'List or pull models',
  monitoring: 'Write what watches TinyLLM: dashboards, rules, configurations',
  session: 'List, show or clear conversations',
};

/** Every command there is. */
export const commands: readonly CommandDeclaration[] = [
  run,
  worker,
  proxy,
  serve,
  metrics,
  top,
  demo,
  doctor,
  graphCheck,
  graphShow,
  modelsList,
  modelsPs,
  modelsPull,
  sessionList,
  sessionShow,
  sessionClear,
  monitoringExport,
  completionOf(() => commands),
];
