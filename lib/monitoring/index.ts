/**
 * The public API of `@tinyllm/monitoring`.
 *
 * @module
 */
export { monitoringFiles } from './export/monitoring-files.js';
export type { AvailabilityObjective, LatencyObjective, MonitoringSettings } from './settings/settings.js';
export { defaultSettings } from './settings/settings.js';
