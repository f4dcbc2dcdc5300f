import { quote } from './quote.js';

/** Writes the path to a value in a document: `nodes.router.routes.math.keywords[0]`. Other keys than plain names are quoted: `nodes["a b"]`. */
export function pathName(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    const key = String(step);
    return /^[\w-]{1,64}$/.test(key) ? `.${key}` : `[${quote(key)}]`;
  });
  return steps.join('').replace(/^\./, '');
}
