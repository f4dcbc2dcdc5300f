import type { MonitoringSettings } from '../settings/settings.js';
import type { AlertPlan } from './alert-plan.js';
import { objectiveAlerts } from './objectives.js';
import { stateAlerts } from './states.js';
import { targetAlerts } from './targets.js';

/** All alerts. */
export function alertPlans(settings: MonitoringSettings): readonly AlertPlan[] {
  return [...objectiveAlerts(settings), ...stateAlerts(settings), ...targetAlerts(settings)];
}
