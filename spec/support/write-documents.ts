// `npm run docs`: updates the generated tables of metrics, commands, environment variables and benchmark results.
import { writeFileSync } from 'node:fs';
import { generatedDocuments } from './generated-documents.js';

for (const [file, text] of generatedDocuments()) writeFileSync(file, text);
