import { join } from "node:path";
import type { StoredRecording } from "./schema.ts";

/** Where a sandbox keeps what, below its data folder. */
export class SandboxFolder {
  readonly stateFile: string;
  /** Every webhook ever sent, one signed envelope a line. */
  readonly eventsFile: string;
  /** The envelopes that the receiver did not take. */
  readonly undeliveredFile: string;
  /** Work in progress; nothing here has a final name. */
  readonly stagingFolder: string;
  readonly #audioFolder: string;

  constructor(directory: string) {
    this.stateFile = join(directory, "sandbox.json");
    this.eventsFile = join(directory, "events.ndjson");
    this.undeliveredFile = join(directory, "undelivered.ndjson");
    this.stagingFolder = join(directory, "tmp");
    this.#audioFolder = join(directory, "audio");
  }

  /** Returns the path of a recording's bytes; the sandbox made the id, so it is a safe name. */
  audioFile({ recordingId, format }: Pick<StoredRecording, "recordingId" | "format">): string {
    return join(this.#audioFolder, `${recordingId}.${format}`);
  }
}
