import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import type { DashboardValues } from '../dashboards/dashboard-values.js';
import { runbookDashboard } from '../settings/settings.js';
import { emptyDashboard } from './build-dashboard.js';

/** Builds the dashboard that shows the runbook. Panels and alerts link to it. */
export function buildRunbookDashboard({ runbook }: Pick<DashboardValues, 'runbook'>): Dashboard {
  return emptyDashboard(runbookDashboard.uid, {
    title: 'Runbook',
    description: 'The meaning of each alert, and what to do.',
  })
    .withPanel(
      new TextBuilder()
        .id(1)
        .title('Runbook')
        .description('The meaning of each alert, what to check, and what to do.')
        .mode(TextMode.Markdown)
        .content(runbook)
        .span(24)
        .height(40),
    )
    .build();
}
