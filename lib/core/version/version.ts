/** The version of the package. A test verifies that it equals the version in package.json. */
export const VERSION = '0.2.0';
