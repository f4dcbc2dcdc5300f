/** A recording rule in the format of Prometheus. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** An alerting rule in the format of Prometheus. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: Readonly<Record<string, string>>;
}

/** The urgency of an alert: pages the on-call engineer, needs attention today, or is only informational. */
export type Severity = 'critical' | 'warning' | 'info';

/** Rules that Prometheus evaluates together, in order. */
export interface RuleGroup<Rule> {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** A rule file. */
export interface RuleFile<Rule> {
  readonly groups: readonly RuleGroup<Rule>[];
}
