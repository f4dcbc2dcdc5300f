import { registry, TrackRequest } from '../../lib/core/index.js';

// Reads streams that fail close to the end of the stack, and prints what the metrics say.

const failure = new TypeError('no');

class Streams {
  @TrackRequest({ model: 'deep' })
  open(): Iterator<never> & Iterable<never> {
    return {
      next() {
        throw failure;
      },
      return: () => ({ done: true, value: undefined }),
      [Symbol.iterator]() {
        return this;
      },
    };
  }
}

interface Unread {
  readonly streams: readonly Iterator<never>[];
  next: number;
}

const locals = Array.from({ length: Number(process.argv[2]) }, (_, index) => `v${index}`);

/** Overflows the stack, and then reads one stream in each frame on the way back. The frame has as many values as the argument says. */
const readAtFullStack: (unread: Unread) => unknown = new Function(`
  return function read(unread) {
    ${locals.map((name, index) => `const ${name} = unread.next + ${index};`).join(' ')}
    try { read(unread); } catch {}
    if (unread.next < unread.streams.length) { const stream = unread.streams[unread.next++]; try { stream.next(); } catch {} }
    return ${['0', ...locals].join('+')};
  };
`)();

const below = (frames: number, work: () => unknown): unknown => (frames === 0 ? work() : below(frames - 1, work));

for (let offset = 0; offset < 40; offset++) {
  const streams = Array.from({ length: 300 }, () => new Streams().open());
  const unread = { streams, next: 0 };
  // The arguments take up a part of the stack, so that it ends at another place each time.
  Reflect.apply(() => below(offset % 7, () => readAtFullStack(unread)), undefined, new Array(3 * offset).fill(0));
  for (const stream of streams) stream.return?.();
}
new Streams().open().return?.();
const text = await registry.metrics();
const sampleOf = (name: string) => Number(new RegExp(`^${name}\\{model="deep".*\\} (.+)$`, 'm').exec(text)?.[1]);
process.stdout.write(
  JSON.stringify({
    requests: sampleOf('tinyllm_requests_total'),
    timed: sampleOf('tinyllm_request_latency_seconds_count'),
    active: sampleOf('tinyllm_active_requests'),
  }),
);
