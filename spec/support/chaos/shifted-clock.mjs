// Shifts the wall clock of this process by the number of seconds in a file, whenever the file changes. A step of the
// system clock would affect all other programs on the machine.
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const RealDate = Date;
const realNow = Date.now;
const file = process.env.TINYLLM_SPEC_CLOCK;
let shift = 0;

function read() {
  try {
    shift = Number(readFileSync(file, 'utf8')) * 1000 || 0;
  } catch {
    // If no file descriptor is free, the clock keeps its last shift.
  }
}

if (file !== undefined && isMainThread) {
  read();
  setInterval(read, 20).unref();
  globalThis.Date = class extends RealDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [realNow() + shift] : parts));
    }
    static now() {
      return realNow() + shift;
    }
  };
}
