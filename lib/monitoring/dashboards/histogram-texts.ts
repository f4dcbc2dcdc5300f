import type { HistogramVariant } from '../settings/histogram-variant.js';

/** A text of a dashboard template that depends on the kind of histograms. A property has the text for each kind. */
type HistogramTexts = Readonly<Record<`<tinyllm:${HistogramVariant}>`, string>>;

/**
 * Combines a dashboard for classic and one for native histograms into one template. Different texts become an object
 * with both.
 *
 * The dashboards may differ only in texts.
 */
export function withHistogramTexts(classic: unknown, native: unknown): unknown {
  if (classic === native) return classic;
  if (typeof classic === 'string' && typeof native === 'string') {
    return { '<tinyllm:classic>': classic, '<tinyllm:native>': native } satisfies HistogramTexts;
  }
  if (!isContainer(classic) || !isContainer(native) || Object.keys(classic).join() !== Object.keys(native).join()) {
    throw new TypeError(
      `Dashboards for classic and native histograms must differ only in texts; got ${JSON.stringify(classic)} and ${JSON.stringify(native)}.`,
    );
  }
  const combined = Object.entries(classic).map(
    ([key, value]) => [key, withHistogramTexts(value, native[key])] as const,
  );
  return Array.isArray(classic) ? combined.map(([, value]) => value) : Object.fromEntries(combined);
}

/** Returns the text for a kind of histograms if a value of a template contains one for each kind, else the value. */
export function histogramText(value: unknown, histograms: HistogramVariant): unknown {
  return isContainer(value) && '<tinyllm:native>' in value ? value[`<tinyllm:${histograms}>`] : value;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
