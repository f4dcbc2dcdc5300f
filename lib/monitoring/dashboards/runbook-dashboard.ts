import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { runbook } from '../alerts/runbook.js';
import { type MonitoringSettings, runbookDashboard as place } from '../settings/settings.js';
import { emptyDashboard } from './build-dashboard.js';

/** The runbook as a dashboard, where the links of panels and alerts lead. */
export function runbookDashboard(settings: MonitoringSettings): Dashboard {
  return emptyDashboard(place.uid, { title: 'Runbook', description: 'What each alert means, and what to do.' })
    .withPanel(
      new TextBuilder()
        .id(1)
        .title('Runbook')
        .description('What each alert means, what to look at, and what to do.')
        .mode(TextMode.Markdown)
        .content(runbook(settings))
        .span(24)
        .height(40),
    )
    .build();
}
