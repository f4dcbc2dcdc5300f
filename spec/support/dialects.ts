import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { configureMetrics, TrackGraph, TrackNode, TrackRequest, TrackTool } from '../../lib/core/index.js';
import type { Subjects } from './subjects.js';

// Each test uses its own graph label, and each graph has one series per decorated method.
configureMetrics({ maxSeriesPerMetric: 20_000 });

/** A dialect of decorators, in which the classes of `subjects.ts` can be compiled. */
export interface Dialect {
  readonly name: string;
  /** Creates new classes whose series all have this graph label. */
  subjects(graph: string): Subjects;
}

const SOURCE = new URL('./subjects.ts', import.meta.url);

/** Both dialects, compiled separately from the same source. */
export const dialects: readonly Dialect[] = [
  await compile('experimentalDecorators', true),
  await compile('standard decorators', false),
];

async function compile(name: string, experimentalDecorators: boolean): Promise<Dialect> {
  const { outputText } = ts.transpileModule(readFileSync(SOURCE, 'utf8'), {
    compilerOptions: {
      experimentalDecorators,
      emitDecoratorMetadata: experimentalDecorators,
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
    },
  });
  // The source imports only types, so the compiled text has no imports.
  const { defineSubjects } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return { name, subjects: (graph) => defineSubjects({ TrackGraph, TrackNode, TrackRequest, TrackTool }, graph) };
}
