/**
 * The public API of `@tinyllm/monitoring`.
 *
 * @module
 */
export { monitoringFiles } from './export/monitoring-files.js';
export type { MonitoringSettings } from './settings/settings.js';
export { defaultSettings } from './settings/settings.js';
