/** The package's version; a spec holds it equal to package.json's. */
export const VERSION = '0.2.0';
