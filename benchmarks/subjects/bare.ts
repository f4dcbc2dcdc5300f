import { performance } from 'node:perf_hooks';
import { ANSWER, ANSWER_WITH_USAGE, type CallContext, CHUNKS, readAll, type Subject } from './subject.js';

class Bare {
  async execute(_prompt: string, _context: CallContext): Promise<string> {
    return ANSWER;
  }

  async generate(_prompt: string, _context: CallContext): Promise<object> {
    return ANSWER_WITH_USAGE;
  }

  async *stream(_prompt: string, _context: CallContext): AsyncGenerator<string> {
    for (let chunk = 0; chunk < CHUNKS; chunk++) yield ANSWER;
  }
}

/** Only measures the time. Every kind of instrumentation has at least this cost. */
class ClockOnly extends Bare {
  seconds = 0;

  override async execute(prompt: string, context: CallContext): Promise<string> {
    const started = performance.now();
    try {
      return await super.execute(prompt, context);
    } finally {
      this.seconds += performance.now() - started;
    }
  }

  override async *stream(prompt: string, context: CallContext): AsyncGenerator<string> {
    const started = performance.now();
    try {
      for await (const chunk of super.stream(prompt, context)) {
        this.seconds += performance.now() - started;
        yield chunk;
      }
    } finally {
      this.seconds += performance.now() - started;
    }
  }
}

const bare = new Bare();
const clockOnly = new ClockOnly();

/** The method without instrumentation. The cost of the other subjects is relative to it. */
export const bareCall: Subject = { name: 'bare', call: (prompt, context) => bare.execute(prompt, context) };

/** The clock-only wrapper. */
export const floorCall: Subject = { name: 'floor', call: (prompt, context) => clockOnly.execute(prompt, context) };

/** A method that returns token counts, without instrumentation. */
export const bareGenerate: Subject = { name: 'bare', call: (prompt, context) => bare.generate(prompt, context) };

/** A stream without instrumentation. */
export const bareStream: Subject = { name: 'bare', call: (prompt, context) => readAll(bare.stream(prompt, context)) };

/** A stream with the clock-only wrapper, which times each chunk. */
export const floorStream: Subject = {
  name: 'floor',
  call: (prompt, context) => readAll(clockOnly.stream(prompt, context)),
};
