/**
 * `@tinyllm/monitoring/settings`: the settings of an export and the check of labels. Doesn't load the
 * dashboards.
 *
 * @module
 */
export { findLabelProblem } from './settings/label-problem.js';
export { defaultSettings, type MonitoringSettings } from './settings/settings.js';
