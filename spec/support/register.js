// Registers hooks that let Node load TypeScript sources. Load this file first, with `--import`.
import { register } from 'node:module';

register('./typescript-hooks.js', import.meta.url);
