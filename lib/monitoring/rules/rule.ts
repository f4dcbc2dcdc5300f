/** A recording rule, in Prometheus' words. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** An alerting rule, in Prometheus' words. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: Readonly<Record<string, string>>;
}

/** How much of a hurry an alert is: somebody gets up, somebody looks today, or it is good to know. */
export type Severity = 'critical' | 'warning' | 'info';

/** Rules that are evaluated together, in order. */
export interface RuleGroup<Rule> {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** A file of rules. */
export interface RuleFile<Rule> {
  readonly groups: readonly RuleGroup<Rule>[];
}
