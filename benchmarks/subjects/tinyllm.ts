import { TrackNode, TrackRequest } from 'tinyllm';
import { ANSWER, ANSWER_WITH_USAGE, type CallContext, CHUNKS, readAll, type Subject } from './subject.js';

type Args = readonly [prompt: string, context: CallContext];

class Tracked {
  readonly id = 'router';

  @TrackNode({ node: 'router', graph: 'benchmark' })
  async fixed(_prompt: string, _context: CallContext): Promise<string> {
    return ANSWER;
  }

  @TrackNode({ graph: (_self: Tracked, args: Args) => args[1].graph })
  async computed(_prompt: string, _context: CallContext): Promise<string> {
    return ANSWER;
  }

  @TrackRequest({ model: 'model', graph: 'benchmark' })
  async request(_prompt: string, _context: CallContext): Promise<string> {
    return ANSWER;
  }

  @TrackRequest({ model: 'model', graph: 'benchmark' })
  async generate(_prompt: string, _context: CallContext): Promise<object> {
    return ANSWER_WITH_USAGE;
  }

  @TrackRequest({ model: 'model', graph: 'benchmark' })
  async *stream(_prompt: string, _context: CallContext): AsyncGenerator<string> {
    for (let chunk = 0; chunk < CHUNKS; chunk++) yield ANSWER;
  }
}

const tracked = new Tracked();

/** `@TrackNode` with constant labels. */
export const nodeFixed: Subject = { name: 'node', call: (prompt, context) => tracked.fixed(prompt, context) };

/** `@TrackNode` with one label from the instance and one label computed from the arguments. */
export const nodeComputed: Subject = {
  name: 'node-computed',
  call: (prompt, context) => tracked.computed(prompt, context),
};

/** `@TrackRequest` with constant labels, on a method that returns a string. */
export const request: Subject = { name: 'request', call: (prompt, context) => tracked.request(prompt, context) };

/** `@TrackRequest` on a method that returns token counts and a finish reason. */
export const requestWithUsage: Subject = {
  name: 'request-usage',
  call: (prompt, context) => tracked.generate(prompt, context),
};

/** `@TrackRequest` on a stream. */
export const requestStream: Subject = {
  name: 'request-stream',
  call: (prompt, context) => readAll(tracked.stream(prompt, context)),
};
