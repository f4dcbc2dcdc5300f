import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { configureMetrics, TrackGraph, TrackNode, TrackRequest } from '../../lib/core/index.js';
import type { Subjects } from './subjects.js';

// Each test has a graph of its own, and each graph a series for each decorated method.
configureMetrics({ maxSeriesPerMetric: 20_000 });

/** A dialect of decorators, and how to make the decorated classes of `subjects.ts` in it. */
export interface Dialect {
  readonly name: string;
  /** Makes fresh classes whose series all carry this graph label. */
  subjects(graph: string): Subjects;
}

const SOURCE = new URL('./subjects.ts', import.meta.url);

/** Both dialects, each from its own compilation of the same source. */
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
  // The source imports types alone, so what is left of it imports nothing.
  const { defineSubjects } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return { name, subjects: (graph) => defineSubjects({ TrackGraph, TrackNode, TrackRequest }, graph) };
}
