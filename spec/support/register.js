// Lets Node load TypeScript sources; `--import` this file before anything else.
import { register } from 'node:module';

register('./typescript-hooks.js', import.meta.url);
