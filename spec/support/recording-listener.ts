import type { StreamListener } from '../../lib/core/recording/stream-call.js';

/** Creates a listener that records the calls of its methods: the method's name and the arguments. */
export function recordingListener(): { readonly listener: StreamListener; readonly events: unknown[][] } {
  const events: unknown[][] = [];
  return {
    events,
    listener: {
      chunk: (value) => void events.push(['chunk', value]),
      end: (...values) => void events.push(['end', ...values.filter((value) => value !== undefined)]),
      leave: () => void events.push(['leave']),
      fail: (error) => void events.push(['fail', error]),
    },
  };
}
