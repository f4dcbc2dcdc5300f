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
import { fleetJobQuery } from '../queries/fleet-queries.js';
import { variableQueries } from '../queries/queries.js';
import { type MonitoringSettings, runbookDashboard } from '../settings/settings.js';
import { buildPanel, chosenDatasource } from './build-panel.js';
import type { DashboardPlan } from './panel-plan.js';

/** Puts a dashboard into Grafana's words. */
export function buildDashboard(plan: DashboardPlan, settings: MonitoringSettings): Dashboard {
  const builder = emptyDashboard(`tinyllm-${plan.name}`, plan)
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(plan.recordedOnly === true ? jobVariables(settings, fleetJobQuery) : variables(settings));
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

function variables(settings: MonitoringSettings) {
  return [
    ...jobVariables(settings, variableQueries.job),
    anyOf(variable('model', 'Model', variableQueries.model)),
    anyOf(variable('graph', 'Graph', variableQueries.graph)),
  ];
}

/** All of it is whatever there is, also what bears no such label. */
function anyOf(chosen: QueryVariableBuilder): QueryVariableBuilder {
  return chosen.allValue('.*').current({ selected: true, text: ['All'], value: ['$__all'] });
}

function jobVariables({ datasource, job }: MonitoringSettings, query: string) {
  return [
    new DatasourceVariableBuilder('datasource')
      .label('Data source')
      .type('prometheus')
      .current({ selected: true, text: datasource, value: datasource }),
    // All of them are those that the variable offers: `up` has other jobs' series as well.
    variable('job', 'Job', query).current({ selected: true, text: [job], value: [job] }),
  ];
}

function variable(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(chosenDatasource)
    .query({ query, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true);
}
