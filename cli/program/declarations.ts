import type { CommandDeclaration } from '../command/declaration.js';
import { completionCommand } from '../commands/completion/declaration.js';
import { demo } from '../commands/demo/declaration.js';
import { doctor } from '../commands/doctor/declaration.js';
import { graphCheck, graphShow } from '../commands/graph/declaration.js';
import { metrics } from '../commands/metrics/declaration.js';
import { modelsList, modelsPs, modelsPull } from '../commands/models/declaration.js';
import { monitoringExport } from '../commands/monitoring/declaration.js';
import { proxy } from '../commands/proxy/declaration.js';
import { run } from '../commands/run/declaration.js';
import { serve } from '../commands/serve/declaration.js';
import { sessionClear, sessionList, sessionShow } from '../commands/session/declaration.js';
import { top } from '../commands/top/declaration.js';
import { worker } from '../commands/worker/declaration.js';

/** Groups of commands, with their summaries. */
export const groups: Readonly<Record<string, string>> = {
  graph: 'Check or show a graph file',
  models: 'List or download models',
  monitoring: 'Write dashboards, rules and configurations for TinyLLM',
  session: 'List, show or delete conversations',
};

/** All commands. */
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
  completionCommand(() => commands),
];
