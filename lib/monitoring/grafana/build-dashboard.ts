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
import type { DashboardValues } from '../dashboards/dashboard-values.js';
import type { DashboardPlan } from '../dashboards/panel-plan.js';
import { labelMatcher } from '../queries/additional-labels.js';
import { fleetVariableQueries } from '../queries/fleet-queries.js';
import { variableQueries } from '../queries/queries.js';
import { runbookDashboard } from '../settings/settings.js';
import { buildPanel, chosenDatasource } from './build-panel.js';

/** The values that the variables of a dashboard select first, and the additional labels. */
type VariableValues = Omit<DashboardValues, 'runbook' | 'histograms'>;

/**
 * Builds a dashboard in Grafana's format from its plan.
 *
 * If queries of the plan filter by additional labels, the dashboard has a variable for each label.
 */
export function buildDashboard(plan: DashboardPlan, values: VariableValues): Dashboard {
  const builder = emptyDashboard(`tinyllm-${plan.name}`, plan)
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(variables(plan, values));
  for (const [index, panel] of plan.panels.entries()) builder.withPanel(buildPanel(panel, index + 1));
  return builder.build();
}

/** Returns a builder of a dashboard without panels. It links to the other dashboards and to the runbook. */
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

function variables(plan: DashboardPlan, values: VariableValues) {
  const queries = plan.recordedOnly === true ? fleetVariableQueries(values.labels.requests) : variableQueries;
  const modelVariables = [
    anyOf(variable('model', 'Model', variableQueries.model)),
    anyOf(variable('graph', 'Graph', variableQueries.graph)),
  ];
  return [
    ...jobVariables(values, queries.job),
    ...(plan.recordedOnly === true ? [] : modelVariables),
    ...values.labels.requests
      .filter((label) => selects(plan, labelMatcher(label)))
      .map((label) => anyOf(variable(label, label, queries.label(label)))),
  ];
}

/** Whether an expression of the plan contains a matcher. */
function selects({ panels }: DashboardPlan, matcher: string): boolean {
  return panels.some(({ queries }) => queries.some(({ expression }) => expression.includes(matcher)));
}

/** "All" matches every series, including series without the label. */
function anyOf(chosen: QueryVariableBuilder): QueryVariableBuilder {
  return chosen.allValue('.*').current({ selected: true, text: ['All'], value: ['$__all'] });
}

function jobVariables({ datasource, job }: VariableValues, query: string) {
  return [
    new DatasourceVariableBuilder('datasource')
      .label('Data source')
      .type('prometheus')
      .current({ selected: true, text: datasource, value: datasource }),
    // For the job variable, "All" means all jobs of TinyLLM, not all jobs: `up` also has series of other jobs.
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
