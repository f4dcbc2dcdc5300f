/** All shared buffers created since this module was loaded. `process.memoryUsage()` does not include them. */
const buffers: SharedArrayBuffer[] = [];

globalThis.SharedArrayBuffer = new Proxy(SharedArrayBuffer, {
  construct: (target, args: [number], newTarget) => {
    const buffer: SharedArrayBuffer = Reflect.construct(target, args, newTarget);
    buffers.push(buffer);
    return buffer;
  },
});

/** Total bytes of all shared buffers, with the current length of growable buffers. */
export function sharedBytes(): number {
  return buffers.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
}
