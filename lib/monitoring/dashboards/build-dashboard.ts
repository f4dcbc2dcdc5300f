import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { variableQueries } from '../queries.js';
import { type MonitoringSettings, runbookDashboard } from '../settings.js';
import { buildPanel, chosenDatasource } from './build-panel.js';
import type { DashboardPlan } from './panel-plan.js';

/** Puts a dashboard into Grafana's words. */
export function buildDashboard(plan: DashboardPlan, settings: MonitoringSettings): Dashboard {
  const builder = emptyDashboard(`tinyllm-${plan.name}`, plan)
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(variables(settings));
  for (const [index, panel] of plan.panels.entries()) builder.withPanel(buildPanel(panel, index + 1));
  return builder.build();
}

/** A dashboard without panels, which links to its siblings and to the runbook. */
export function emptyDashboard(uid: string, { title, description }: Pick<DashboardPlan, 'title' | 'description'>) {
  return new DashboardBuilder(`TinyLLM / ${title}`)
    .uid(uid)
    .description(description)
    .tags(['tinyllm'])
    .links([
      new DashboardLinkBuilder('TinyLLM')
        .type(DashboardLinkType.Dashboards)
        .tags(['tinyllm'])
        .includeVars(true)
        .keepTime(true),
      new DashboardLinkBuilder('Runbook').type(DashboardLinkType.Link).url(runbookDashboard.path).targetBlank(true),
    ]);
}

function variables({ datasource, job }: MonitoringSettings) {
  return [
    new DatasourceVariableBuilder('datasource')
      .label('Data source')
      .type('prometheus')
      .current({ selected: true, text: datasource, value: datasource }),
    variable('job', 'Job').current({ selected: true, text: [job], value: [job] }),
    variable('model', 'Model').current({ selected: true, text: ['All'], value: ['$__all'] }),
    variable('graph', 'Graph').current({ selected: true, text: ['All'], value: ['$__all'] }),
  ];
}

function variable(name: keyof typeof variableQueries, label: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(chosenDatasource)
    .query({ query: variableQueries[name], refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*');
}
