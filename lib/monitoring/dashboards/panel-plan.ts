/** The type of a panel. */
export type PanelKind = 'lines' | 'area' | 'gauge' | 'stat' | 'heatmap' | 'states' | 'table';

/** One query of a panel. */
export interface PanelQuery {
  readonly expression: string;
  /** The name of the series, with labels as `{{model}}`. In a table, the heading of the column. */
  readonly legend: string;
  /** The Grafana unit of a table column. */
  readonly unit?: string;
}

/** A colour of a panel for values from `from` on. */
export interface PanelThreshold {
  readonly from: number;
  readonly colour: 'green' | 'orange' | 'red';
}

/** The content of a panel, independent of Grafana's format. */
export interface PanelPlan {
  readonly title: string;
  /** One line of text. */
  readonly description: string;
  readonly kind: PanelKind;
  readonly queries: readonly PanelQuery[];
  /** The Grafana unit: `s`, `percentunit`, `reqps`, `short`, … */
  readonly unit?: string;
  /** Width in columns, 1 to 24; default 12. Panels share a row until its 24 columns are full. */
  readonly width?: number;
  readonly max?: number;
  /** Colours by value. Below the first threshold: red if the last threshold is green, otherwise green. */
  readonly thresholds?: readonly PanelThreshold[];
  /** The heading of the column by which a table is sorted, highest value first. Default: the order of the results. */
  readonly sortedBy?: string;
  /** The text if the query returns no data. Default `no traffic`. */
  readonly whenEmpty?: string;
  /** The alert whose runbook section describes the panel. */
  readonly alert?: string;
}

/** The content of a dashboard, independent of Grafana's format. */
export interface DashboardPlan {
  /** The name of the file. The uid is `tinyllm-` and the name. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly PanelPlan[];
  /**
   * Whether the dashboard uses only recorded series; default false. If true, the dashboard has no variables for model
   * and graph.
   */
  readonly recordedOnly?: boolean;
}
