/** Starts to measure a duration. Returns a function that returns the seconds since the start. */
export function startStopwatch(): () => number {
  const start = process.hrtime();
  return () => {
    const [seconds, nanoseconds] = process.hrtime(start);
    return seconds + nanoseconds / 1e9;
  };
}
