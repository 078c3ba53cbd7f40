/** One of the two streams of a command-line program. */
export type TerminalStream = NodeJS.WritableStream & { readonly isTTY?: boolean | undefined };

/** The two streams. Results go to `stdout`; progress and messages go to `stderr`. */
export interface Terminal {
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
}

/** How a command speaks. */
export interface OutputOptions {
  /** Exactly one JSON report on stdout and nothing else there. */
  readonly json: boolean;
  /** Nothing on stderr but errors. */
  readonly quiet: boolean;
  readonly logFormat: "text" | "json";
}

/** What a command says, and where. */
export class Output {
  readonly options: OutputOptions;
  readonly stderr: TerminalStream;
  readonly #stdout: TerminalStream;

  constructor({ stdout, stderr }: Terminal, options: OutputOptions) {
    this.#stdout = stdout;
    this.stderr = stderr;
    this.options = options;
  }

  /** Writes lines of a result for a person; not with `--json`. */
  print(...lines: readonly string[]): void {
    if (!this.options.json && lines.length > 0) this.#stdout.write(`${lines.join("\n")}\n`);
  }

  /** Writes the one JSON document; only with `--json`. */
  printJson(document: unknown): void {
    if (this.options.json) this.#stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** Says something on the way; not with `--quiet`. */
  note(message: string): void {
    if (!this.options.quiet) this.#log("info", message);
  }

  /** Says what went wrong. */
  error(message: string): void {
    this.#log("error", message);
  }

  #log(level: "info" | "error", message: string): void {
    const line = this.options.logFormat === "json" ? JSON.stringify({ level, message }) : `holdfast: ${message}`;
    this.stderr.write(`${line}\n`);
  }
}
