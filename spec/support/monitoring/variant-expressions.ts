import { alertRules } from '../../../lib/monitoring/alerts/alert-rules.js';
import { dashboardPlans } from '../../../lib/monitoring/grafana/dashboard-templates.js';
import { filterLabels } from '../../../lib/monitoring/queries/additional-labels.js';
import { recordingRules } from '../../../lib/monitoring/rules/recording-rules.js';
import { defaultSettings } from '../../../lib/monitoring/settings/settings.js';

/** An expression for classic histograms, and the one for native histograms. */
export interface VariantExpressions {
  /** The panel or rule with the expression. */
  readonly name: string;
  readonly classic: string;
  readonly native: string;
}

/**
 * Returns all expressions of dashboards and rules that differ between classic and native histograms.
 *
 * Their windows are `window`, and variables select everything. Recorded series are replaced by the expressions of their
 * rules, because rules of both variants record series with the same names.
 */
export function variantExpressions(window: string, labels: readonly string[] = []): readonly VariantExpressions[] {
  const [classic, native] = [expressions(false, window, labels), expressions(true, window, labels)];
  return [...classic]
    .map(([name, expression]) => ({ name, classic: expression, native: native.get(name) ?? '' }))
    .filter((pair) => pair.classic !== pair.native);
}

function expressions(nativeHistograms: boolean, window: string, labels: readonly string[]) {
  const settings = { ...defaultSettings, nativeHistograms, labels };
  const rules = [...recordingRules(settings).groups, ...alertRules(settings).groups].flatMap((group) => group.rules);
  const recorded = new Map(rules.flatMap((rule) => ('record' in rule ? [[rule.record, rule.expr] as const] : [])));
  const inlined = (text: string): string =>
    text.replaceAll(/\bjob\w*:\w+:\w+(?:\{[^}]*\})?/g, (series) => {
      const [name = ''] = series.split('{');
      return `(${inlined(recorded.get(name) ?? name)})`;
    });
  const plans = dashboardPlans(filterLabels(labels), nativeHistograms ? 'native' : 'classic');
  const panels = plans.flatMap((plan) =>
    plan.panels.flatMap(({ title, queries }) =>
      queries.map(({ expression }, index) => [`${plan.title}, ${title}, query ${index}`, expression] as const),
    ),
  );
  const named = rules.map((rule) => ['record' in rule ? rule.record : rule.alert, rule.expr] as const);
  return new Map(
    [...panels, ...named].map(([name, text]) => [
      name,
      inlined(text)
        .replaceAll(/\[(?:\$\w+|\d+[a-z])\]/g, `[${window}]`)
        .replaceAll(/\$\w+/g, '.*'),
    ]),
  );
}
