import type { Attack } from './attack.js';

export const metricsServerAttacks: readonly Attack[] = [];
