import type { Problem } from 'tinyllm/configuration';
import { suggestion } from 'tinyllm/configuration';
import { baseUrlProblems } from '../models/base-url-problems.js';
import { fallbackProblems, type ModelSettings } from '../models/model-settings.js';
import type { GraphNode } from './node.js';

/** Yields problems with the models, and with nodes that name an unknown model. The name `default` is always valid. */
export function* modelProblems(
  nodes: ReadonlyMap<string, GraphNode>,
  models: Readonly<Record<string, ModelSettings>> = {},
): Generator<Problem> {
  for (const problem of [...baseUrlProblems(models), ...fallbackProblems(models)]) {
    yield { ...problem, path: ['models', ...problem.path] };
  }
  const names = [...new Set([...Object.keys(models), 'default'])];
  for (const [id, { modelName }] of nodes) {
    if (modelName === undefined || names.includes(modelName)) continue;
    const known = Object.keys(models).length === 0 ? 'add it under `models`' : `expected ${names.join(', ')}`;
    yield {
      path: ['nodes', id, 'model'],
      message: `no model is named "${modelName}"; ${known}.${suggestion(modelName, names)}`,
    };
  }
}
