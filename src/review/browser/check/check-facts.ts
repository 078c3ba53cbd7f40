/** What the page knows of its package and the check needs. */
export interface CheckFacts {
  readonly case: string;
  /** The digest that `manifest-sha256.txt` had when the page was made. */
  readonly manifestSha256: string;
  /** Null where the package was made without a signature. */
  readonly signed: { readonly file: string; readonly identity: string; readonly fingerprint: string } | null;
  /** Null where the package was made without a time stamp. */
  readonly stamped: { readonly file: string; readonly authority: string } | null;
}
