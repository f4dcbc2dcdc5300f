import type { Attack } from './attack.js';

export const executorAttacks: readonly Attack[] = [];
