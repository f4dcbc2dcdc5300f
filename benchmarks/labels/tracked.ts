import { TrackGraph, TrackNode, trackNode, withLabels } from 'tinyllm';
import { ANSWER, type CallContext, type Subject } from '../subjects/subject.js';

type Execute = (prompt: string, context: CallContext) => Promise<string>;

/** The method before `@TrackNode` wraps it. */
const original: { node?: Execute } = {};

function remember(_target: object, name: 'node', { value }: TypedPropertyDescriptor<Execute>): void {
  original[name] = value!;
}

class Tracked {
  readonly tenant = 'acme';
  readonly region = 'eu';

  @TrackNode({ node: 'router', graph: 'benchmark' })
  @remember
  async node(_prompt: string, _context: CallContext): Promise<string> {
    return ANSWER;
  }

  @TrackNode({ node: 'router', graph: 'benchmark', labels: { tenant: (self: Tracked) => self.tenant } })
  async oneLabel(_prompt: string, _context: CallContext): Promise<string> {
    return ANSWER;
  }

  @TrackNode({
    node: 'router',
    graph: 'benchmark',
    labels: { tenant: (self: Tracked) => self.tenant, region: (self: Tracked) => self.region },
  })
  async twoLabels(_prompt: string, _context: CallContext): Promise<string> {
    return ANSWER;
  }

  @TrackNode({ node: 'router' })
  async inGraph(_prompt: string, _context: CallContext): Promise<string> {
    return ANSWER;
  }

  @TrackGraph({ graph: 'benchmark' })
  async graph(_prompt: string, _context: CallContext): Promise<string> {
    return ANSWER;
  }

  @TrackGraph({ graph: 'benchmark' })
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    return work();
  }
}

const tracked = new Tracked();

async function answer(_prompt: string, _context: CallContext): Promise<string> {
  return ANSWER;
}
const wrapped = trackNode(answer, { node: 'router', graph: 'benchmark' });

/** `@TrackNode` without labels of its own. */
export const node: Subject = { name: 'node', call: (prompt, context) => tracked.node(prompt, context) };

/** The same function as `node`, without the decorator. */
export const originalNode: Subject = { name: 'bare', call: (prompt, context) => original.node!(prompt, context) };

/** `trackNode(fn)`. */
export const wrapper: Subject = { name: 'wrapper', call: (prompt, context) => wrapped(prompt, context) };

/** `@TrackNode` with one label from the instance. */
export const nodeWithOption: Subject = { name: 'node', call: (prompt, context) => tracked.oneLabel(prompt, context) };

/** `@TrackNode` with two labels from the instance. */
export const nodeWithTwoOptions: Subject = {
  name: 'node',
  call: (prompt, context) => tracked.twoLabels(prompt, context),
};

/** `@TrackNode` in its own `withLabels`, with one of eight tenants. */
export const nodeInOwnContext: Subject = {
  name: 'node',
  call: (prompt, context) => withLabels({ tenant: context.graph }, () => tracked.node(prompt, context)),
};

/** `@TrackNode` without the option `graph`. */
export const nodeInGraph: Subject = { name: 'node', call: (prompt, context) => tracked.inGraph(prompt, context) };

/** `@TrackGraph`. */
export const graph: Subject = { name: 'graph', call: (prompt, context) => tracked.graph(prompt, context) };

/** Runs work inside a call of a graph. */
export function insideGraph<Result>(work: () => Promise<Result>): Promise<Result> {
  return tracked.run(work);
}

/** Throws unless the decorator and the wrapper returned the original function. */
export function requireOriginal(): void {
  if (tracked.node !== original.node || wrapped !== answer) {
    throw new Error(
      'The decorator or the wrapper changed the function; expected the original with TINYLLM_METRICS=off.',
    );
  }
}
