/** How a panel draws. */
export type PanelKind = 'lines' | 'area' | 'gauge' | 'stat' | 'heatmap' | 'states' | 'table';

/** One expression of a panel. */
export interface PanelQuery {
  readonly expression: string;
  /** What its series are called, with labels as `{{model}}`; in a table, the column's heading. */
  readonly legend: string;
  /** The unit of a table's column, in Grafana's words. */
  readonly unit?: string;
}

/** From which value on a panel shows which colour. */
export interface PanelThreshold {
  readonly from: number;
  readonly colour: 'green' | 'orange' | 'red';
}

/** What a panel shows, before it is put into Grafana's words. */
export interface PanelPlan {
  readonly title: string;
  /** One line. */
  readonly description: string;
  readonly kind: PanelKind;
  readonly queries: readonly PanelQuery[];
  /** In Grafana's words: `s`, `percentunit`, `reqps`, `short`, … */
  readonly unit?: string;
  /** Columns of the 24 that a dashboard has; default 12. Panels stand beside each other until the 24 are full. */
  readonly width?: number;
  readonly max?: number;
  /** Colours from values on; below the first, green, or red when the values shall be high. */
  readonly thresholds?: readonly PanelThreshold[];
  /** What an empty answer means; default that there was no traffic. */
  readonly whenEmpty?: string;
  /** The alert whose section of the runbook tells more. */
  readonly alert?: string;
}

/** What a dashboard shows. */
export interface DashboardPlan {
  /** Its file, and after `tinyllm-` its uid. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly PanelPlan[];
  /** Whether it asks for recorded series alone, of which only the job can be chosen; default not. */
  readonly recordedOnly?: boolean;
}
