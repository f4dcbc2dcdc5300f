import { entryKind } from './entry-node.js';
import { exitKind } from './exit-node.js';
import { fanoutKind } from './fanout-node.js';
import { gateKind } from './gate-node.js';
import { loopKind } from './loop-node.js';
import { modelKind } from './model-node.js';
import type { NodeKind } from './node-kind.js';
import { routerKind } from './router-node.js';
import { toolKind } from './tool-node.js';
import { transformKind } from './transform-node.js';

/** The built-in node kinds by name. To add a kind, add a file and an entry here. */
export const nodeKinds: ReadonlyMap<string, NodeKind> = new Map(
  [entryKind, routerKind, modelKind, toolKind, gateKind, transformKind, fanoutKind, loopKind, exitKind].map((kind) => [
    kind.kind,
    kind,
  ]),
);
