// Lets Node load TypeScript sources through ts-node; `--import` this file before anything else.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

register('ts-node/esm', pathToFileURL('./'));
