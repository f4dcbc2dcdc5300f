import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  GraphGradientMode,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  type DataTransformerConfig,
  MappingType,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as GaugeBuilder } from '@grafana/grafana-foundation-sdk/gauge';
import { PanelBuilder as HeatmapBuilder, YAxisConfigBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { PanelKind, PanelPlan } from '../dashboards/panel-plan.js';
import { runbookDashboard } from '../settings/settings.js';

type AnyBuilder = LinesBuilder | GaugeBuilder | StatBuilder | HeatmapBuilder | StatesBuilder | TableBuilder;

/** The data source that the dashboard's first variable selects. */
export const chosenDatasource = { type: 'prometheus', uid: '$datasource' } as const;

const breakerStates: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      '0': { text: 'closed', color: 'green', index: 0 },
      '1': { text: 'half-open', color: 'orange', index: 1 },
      '2': { text: 'open', color: 'red', index: 2 },
    },
  },
];

const emptyBuilders: Readonly<Record<PanelKind, () => AnyBuilder>> = {
  lines: () => new LinesBuilder().fillOpacity(8).showPoints(VisibilityMode.Never).legend(legend()),
  area: () =>
    new LinesBuilder()
      .fillOpacity(35)
      .gradientMode(GraphGradientMode.Opacity)
      .showPoints(VisibilityMode.Never)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
      .legend(legend()),
  gauge: () => new GaugeBuilder().min(0),
  stat: () => new StatBuilder().colorMode(BigValueColorMode.Value),
  heatmap: () => new HeatmapBuilder().calculate(false),
  states: () => new StatesBuilder().mergeValues(true).mappings(breakerStates),
  table: () => new TableBuilder(),
};

/** Builds a panel in Grafana's format from its plan. Ids start at 1 in each dashboard. */
export function buildPanel(plan: PanelPlan, id: number): Builder<Panel> {
  const builder = emptyBuilders[plan.kind]()
    .id(id)
    .title(plan.title)
    .description(plan.description)
    .datasource(chosenDatasource)
    .noValue(plan.whenEmpty ?? 'no traffic')
    .span(plan.width ?? 12)
    .height(8)
    .targets(plan.queries.map((_query, index) => buildTarget(plan, index)));
  if (plan.unit !== undefined) setUnit(builder, plan.unit);
  if (plan.max !== undefined) builder.max(plan.max);
  if (plan.thresholds !== undefined) builder.thresholds(buildThresholds(plan.thresholds));
  if (plan.alert !== undefined) builder.links([runbookLink(plan.alert)]);
  if (!(builder instanceof TableBuilder)) return builder;
  shapeTable(builder, plan);
  return { build: () => withoutFooter(builder.build()) };
}

/** Removes the footer that the SDK adds to a table. Grafana 13 doesn't accept it, and no version needs it. */
function withoutFooter(panel: Panel): Panel {
  const { footer: _none, ...options } = panel.options as Readonly<Record<string, unknown>>;
  return { ...panel, options };
}

function setUnit(builder: AnyBuilder, unit: string): void {
  // The values of a heat map are counts, so the unit of its buckets belongs to the axis.
  if (builder instanceof HeatmapBuilder) builder.yAxis(new YAxisConfigBuilder().unit(unit));
  else builder.unit(unit);
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder().showLegend(true).calcs(['lastNotNull']);
}

function buildTarget({ kind, queries }: PanelPlan, index: number): DataqueryBuilder {
  const { expression, legend: name } = queries[index]!;
  const target = new DataqueryBuilder()
    .refId(refIdOf(index))
    .datasource(chosenDatasource)
    .expr(expression)
    .legendFormat(name);
  if (kind === 'table') return target.instant().format(PromQueryFormat.Table);
  if (kind === 'gauge' || kind === 'stat') return target.instant();
  return kind === 'heatmap' ? target.range().format(PromQueryFormat.Heatmap) : target.range();
}

function buildThresholds(thresholds: NonNullable<PanelPlan['thresholds']>): ThresholdsConfigBuilder {
  const below = thresholds.at(-1)?.colour === 'green' ? 'red' : 'green';
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: below }, ...thresholds.map(({ from, colour }) => ({ value: from, color: colour }))]);
}

function runbookLink(alert: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(`Runbook: ${alert}`).url(runbookDashboard.path).targetBlank(true);
}

/** Shows one row per label set and one column per query. */
function shapeTable(builder: TableBuilder, { queries, sortedBy }: PanelPlan): void {
  const columns = queries.map(({ legend: name }, index) => [`Value #${refIdOf(index)}`, name] as const);
  const shape: readonly DataTransformerConfig[] = [
    { id: 'merge', options: {} },
    { id: 'organize', options: { excludeByName: { Time: true }, renameByName: Object.fromEntries(columns) } },
  ];
  builder.transformations([...shape]);
  if (sortedBy !== undefined) builder.sortBy([new TableSortByFieldStateBuilder().displayName(sortedBy).desc(true)]);
  for (const { legend: name, unit } of queries) {
    if (unit !== undefined) builder.overrideByName(name, [{ id: 'unit', value: unit }]);
  }
}

/** Grafana's name of a panel's query: `A`, `B` and so on. */
function refIdOf(index: number): string {
  return String.fromCharCode(65 + index);
}
