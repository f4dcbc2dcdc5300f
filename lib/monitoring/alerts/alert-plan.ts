import type { Severity } from '../rules/rule.js';

/** An input series of a test case: one value per minute, from minute 0 on. */
export interface InputSeries {
  readonly series: string;
  /** In promtool's notation: `0+100x60` starts with 0 and adds 100, 60 times. */
  readonly values: string;
}

/** A test case of an alert. */
export interface AlertCase {
  readonly input: readonly InputSeries[];
  /** The time of the check in minutes. */
  readonly atMinute: number;
  /** The labels of each firing alert, without the severity. Empty if the alert must not fire. */
  readonly fires: readonly Readonly<Record<string, string>>[];
}

/** An alert: its rule, its runbook section, and its test cases. */
export interface AlertPlan {
  readonly name: string;
  readonly severity: Severity;
  readonly expression: string;
  /** How long the expression must be true before the alert fires, such as `2m`. */
  readonly for: string;
  /** One line; labels as `{{ $labels.job }}`. */
  readonly summary: string;
  /** The meaning in a few sentences. */
  readonly meaning: string;
  readonly lookAt: readonly string[];
  readonly act: readonly string[];
  readonly cases: readonly AlertCase[];
}
