import type { ConfigOptions, MathJsInstance } from 'mathjs';

/** The number of significant digits of exact computations. */
export const exactDigits = 64;

/** Two instances of mathjs. */
export interface Mathematics {
  /** Computes with decimals, without units. */
  readonly exact: MathJsInstance;
  /** Computes with doubles, units and angles. */
  readonly withUnits: MathJsInstance;
}

/**
 * Units that mathjs does not have, and more exact definitions of `tablespoon` and `teaspoon`. mathjs rounds these two
 * to milliliters, so they are not consistent with its cup and pint.
 */
const additionalUnits: readonly (readonly [name: string, definition: string, aliases: readonly string[]])[] = [
  ['nauticalmile', '1852 m', ['nauticalmiles']],
  ['lightyear', '9460730472580800 m', ['lightyears']],
  ['calorie', '4.184 J', ['calories', 'cal']],
  ['kilocalorie', '4184 J', ['kilocalories', 'kcal']],
  ['fortnight', '14 day', ['fortnights']],
  ['tablespoon', '14.78676478125 ml', ['tablespoons', 'tbsp']],
  ['teaspoon', '4.92892159375 ml', ['teaspoons', 'tsp']],
];

let loading: Promise<Mathematics> | undefined;

/**
 * Loads mathjs at the first call. Later calls return the same instances.
 *
 * It uses the single-file build of mathjs, because the thousand separate modules take ten times as long to load.
 */
export function loadMathematics(): Promise<Mathematics> {
  loading ??= importBundle().then(({ create }) => {
    const exact = create({ number: 'BigNumber', precision: exactDigits });
    const withUnits = create({});
    for (const [name, definition, aliases] of additionalUnits) {
      withUnits.createUnit(name, { definition, aliases: [...aliases] }, { override: true });
    }
    return { exact, withUnits };
  });
  return loading;
}

/** The `create` of the single-file build includes all functions, unlike that of the package. */
interface Bundle {
  readonly create: (config: ConfigOptions) => MathJsInstance;
}

async function importBundle(): Promise<Bundle> {
  // @ts-expect-error: the single-file build has no type declarations
  const { default: bundle } = await import('mathjs/lib/browser/math.js');
  return bundle as Bundle;
}
