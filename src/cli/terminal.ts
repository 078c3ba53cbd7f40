import { toJsonPieces } from "./json-pieces.ts";

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
  readonly #noted = new Set<string>();
  #isReported = false;

  constructor({ stdout, stderr }: Terminal, options: OutputOptions) {
    this.#stdout = stdout;
    this.stderr = stderr;
    this.options = options;
  }

  /** Writes lines of a result for a person; not with `--json`. */
  print(...lines: readonly string[]): void {
    if (!this.options.json && lines.length > 0) this.#stdout.write(`${toVisibleLines(lines.join("\n"))}\n`);
  }

  /** Writes the one JSON document; only with `--json`. A second one is not written: what fails behind a report is for stderr. */
  printJson(document: object): void {
    if (!this.options.json || this.#isReported) return;
    this.#isReported = true;
    for (const piece of toJsonPieces(document)) this.#stdout.write(piece);
    this.#stdout.write("\n");
  }

  /** Says something on the way; not with `--quiet`. */
  note(message: string): void {
    if (!this.options.quiet) this.#log("info", message);
  }

  /** Says what a command may come upon several times; not with `--quiet`. */
  noteOnce(message: string): void {
    if (!this.#noted.has(message)) this.note(message);
    this.#noted.add(message);
  }

  /** Says what went wrong. */
  error(message: string): void {
    this.#log("error", message);
  }

  /** A message may have several lines, such as the stack of a bug. */
  #log(level: "info" | "error", message: string): void {
    const line =
      this.options.logFormat === "json" ? JSON.stringify({ level, message }) : `holdfast: ${toVisibleLines(message)}`;
    this.stderr.write(`${line}\n`);
  }
}

/** Controls, and what turns the order of other characters or is not seen itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function toVisibleLines(text: string): string {
  return text.split("\n").map(toVisible).join("\n");
}

/** Makes one line of what may hold names of strangers: no name moves the cursor, rings, or looks like another line. */
export function toVisible(line: string): string {
  return line.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
