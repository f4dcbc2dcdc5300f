import { entryKind } from './entry-node.js';
import { exitKind } from './exit-node.js';
import { modelKind } from './model-node.js';
import type { NodeKind } from './node-kind.js';
import { routerKind } from './router-node.js';
import { toolKind } from './tool-node.js';

/** Every node kind by its name; a new kind is one file and one entry here. */
export const nodeKinds: ReadonlyMap<string, NodeKind> = new Map(
  [entryKind, routerKind, modelKind, toolKind, exitKind].map((kind) => [kind.kind, kind]),
);
