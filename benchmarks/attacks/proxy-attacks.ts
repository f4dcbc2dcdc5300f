import type { Attack } from './attack.js';

export const proxyAttacks: readonly Attack[] = [];
