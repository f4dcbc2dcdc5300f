import type { Attack } from './attack.js';
import { executorAttacks } from './executor-attacks.js';
import { hubAttacks } from './hub-attacks.js';
import { hubInputAttacks } from './hub-input-attacks.js';
import { metricsServerAttacks } from './metrics-server-attacks.js';
import { proxyAttacks } from './proxy-attacks.js';
import { proxyRequestAttacks } from './proxy-request-attacks.js';
import { recordingAttacks } from './recording-attacks.js';

/** All attacks, in the order of the report. */
export const attacks: readonly Attack[] = [
  ...metricsServerAttacks,
  ...recordingAttacks,
  ...proxyAttacks,
  ...proxyRequestAttacks,
  ...hubAttacks,
  ...hubInputAttacks,
  ...executorAttacks,
];
