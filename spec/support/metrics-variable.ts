/** Runs a function with a value of `TINYLLM_METRICS`, and restores the old value. Undefined unsets the variable. */
export function withMetricsVariable<Result>(value: string | undefined, work: () => Result): Result {
  const before = process.env.TINYLLM_METRICS;
  set(value);
  try {
    return work();
  } finally {
    set(before);
  }
}

function set(value: string | undefined): void {
  if (value === undefined) delete process.env.TINYLLM_METRICS;
  else process.env.TINYLLM_METRICS = value;
}
