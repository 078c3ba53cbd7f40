/** What is wrong with something that was signed: a value, for whoever checked it decides what follows. */
export interface Problem {
  /** For a person; in lower case, without a full stop. */
  readonly problem: string;
}
