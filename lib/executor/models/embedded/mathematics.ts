import type { ConfigOptions, MathJsInstance } from 'mathjs';

/** Significant digits that exact computations carry. */
export const exactDigits = 64;

/** mathjs, set up twice: `exact` counts in decimals, `measuring` knows units and angles and counts in doubles. */
export interface Mathematics {
  readonly exact: MathJsInstance;
  readonly measuring: MathJsInstance;
}

/** Units people ask for that mathjs lacks, or counts otherwise than the cup and the pint beside them. */
const furtherUnits: readonly (readonly [name: string, definition: string, aliases: readonly string[]])[] = [
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
 * Loads mathjs, once, at its first use: nobody pays for it who computes nothing.
 *
 * It is the single-file build that mathjs ships, because its thousand separate modules take ten times as long to load.
 */
export function loadMathematics(): Promise<Mathematics> {
  loading ??= importBundle().then(({ create }) => {
    const exact = create({ number: 'BigNumber', precision: exactDigits });
    const measuring = create({});
    for (const [name, definition, aliases] of furtherUnits) {
      measuring.createUnit(name, { definition, aliases: [...aliases] }, { override: true });
    }
    return { exact, measuring };
  });
  return loading;
}

/** Unlike the package's own, the bundle's `create` knows all functions by itself. */
interface Bundle {
  readonly create: (config: ConfigOptions) => MathJsInstance;
}

async function importBundle(): Promise<Bundle> {
  // @ts-expect-error: the single-file build has no types of its own
  const { default: bundle } = await import('mathjs/lib/browser/math.js');
  return bundle as Bundle;
}
