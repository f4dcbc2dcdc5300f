import type { Attack } from './attack.js';

export const recordingAttacks: readonly Attack[] = [];
