import { calculator } from './calculator.js';
import type { Tool } from './tool.js';

/** Every tool by its name. */
export const tools: ReadonlyMap<string, Tool> = new Map([calculator].map((tool) => [tool.name, tool]));
