import type { Severity } from '../rules/rule.js';

/** A series that a case feeds to the rules, a value a minute from 0 on. */
export interface InputSeries {
  readonly series: string;
  /** In promtool's notation: `0+100x60` begins with 0 and adds 100, 60 times. */
  readonly values: string;
}

/** What an alert shall do with some series. */
export interface AlertCase {
  readonly input: readonly InputSeries[];
  /** When to look, in minutes. */
  readonly atMinute: number;
  /** The labels, besides the severity, of each alert that fires then; none for silence. */
  readonly fires: readonly Readonly<Record<string, string>>[];
}

/** An alert: its rule, its section of the runbook, and how it is tested. */
export interface AlertPlan {
  readonly name: string;
  readonly severity: Severity;
  readonly expression: string;
  /** How long the expression must hold first, such as `2m`. */
  readonly for: string;
  /** One line; labels as `{{ $labels.job }}`. */
  readonly summary: string;
  /** What it means, in a sentence or two. */
  readonly meaning: string;
  readonly lookAt: readonly string[];
  readonly act: readonly string[];
  readonly cases: readonly AlertCase[];
}
