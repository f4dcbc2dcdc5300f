/** The landing page, as the build produces it from `page/`. */
export interface BuiltPage {
  /** The HTML with all scripts and styles, compressed with gzip, in base64. */
  readonly zippedHtml: string;
  /** The value of the response header `Content-Security-Policy`. */
  readonly contentSecurityPolicy: string;
}

/** Undefined if the sources run without a build. The build replaces this module. */
export const builtPage: BuiltPage | undefined = undefined;
