/**
 * Binds the methods of a metric with fixed labels to it, as in prom-client: `const { inc } = counter.labels('a')` works.
 *
 * Repeated calls have no effect.
 */
export function withBoundMethods<Child extends object>(child: Child, names: readonly (keyof Child & string)[]): Child {
  if (Object.hasOwn(child, names[0] as string)) return child;
  for (const name of names) {
    const method = child[name] as (...parameters: unknown[]) => unknown;
    Object.assign(child, { [name]: method.bind(child) });
  }
  return child;
}
