import type { Attack } from './attack.js';

export const hubAttacks: readonly Attack[] = [];
