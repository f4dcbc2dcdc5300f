/** Every shared buffer that was made since this module was loaded; `process.memoryUsage()` does not count them. */
const buffers: SharedArrayBuffer[] = [];

globalThis.SharedArrayBuffer = new Proxy(SharedArrayBuffer, {
  construct: (target, args: [number], newTarget) => {
    const buffer: SharedArrayBuffer = Reflect.construct(target, args, newTarget);
    buffers.push(buffer);
    return buffer;
  },
});

/** Bytes of all shared buffers, grown ones at their present length. */
export function sharedBytes(): number {
  return buffers.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
}
