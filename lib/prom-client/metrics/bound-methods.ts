/**
 * Replaces methods of `child` by bound ones, so that `const { inc } = counter.labels('a')` works as in prom-client.
 *
 * `child` is a metric with fixed labels. Repeated calls for the same child have no extra effect.
 */
export function withBoundMethods<Child extends object>(child: Child, names: readonly (keyof Child & string)[]): Child {
  if (Object.hasOwn(child, names[0] as string)) return child;
  for (const name of names) {
    const method = child[name] as (...parameters: unknown[]) => unknown;
    Object.assign(child, { [name]: method.bind(child) });
  }
  return child;
}
