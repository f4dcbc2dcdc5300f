// `npm run docs`: writes what documents show of the catalog, of the commands and of the benchmarks.
import { writeFileSync } from 'node:fs';
import { generatedDocuments } from './generated-documents.js';

for (const [file, text] of generatedDocuments()) writeFileSync(file, text);
