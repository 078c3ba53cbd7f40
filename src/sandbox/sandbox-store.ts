import { readFile } from "node:fs/promises";
import pLimit from "p-limit";
import type { AudioFormat } from "../core/audio-format.ts";
import { toSystemCode } from "../io/errors.ts";
import { StagedFile } from "../io/staged-file.ts";
import { SandboxFolderError } from "./errors.ts";
import type { SandboxFolder } from "./sandbox-folder.ts";
import { SandboxState, type StoredCall, type StoredCallFlow, type StoredRecording } from "./schema.ts";
import { SeededRandom } from "./seeded-random.ts";

/** How long recordings are, in whole seconds from 1 on; the shortest and the longest are always made. */
export interface LengthRange {
  readonly min: number;
  readonly max: number;
}

/** What decides the content of a sandbox. */
export interface SandboxSeed {
  readonly seed: number;
  readonly seedCalls: number;
  /** In turns. @default all three */
  readonly formats?: readonly AudioFormat[] | undefined;
  /** @default from 10 to 300 */
  readonly lengthSeconds?: LengthRange | undefined;
}

/**
 * The rows of a sandbox, in memory and in `sandbox.json`. Every `put` and `remove` takes effect at once and
 * resolves when the file on disk holds it too; the file is replaced whole.
 */
export class SandboxStore {
  readonly #folder: SandboxFolder;
  readonly #seed: SandboxSeed;
  readonly #saving = pLimit(1);
  readonly #calls: Map<string, StoredCall>;
  readonly #recordings: Map<string, StoredRecording>;
  readonly #callFlows: StoredCallFlow[];
  #idCount: number;

  private constructor(folder: SandboxFolder, state: SandboxState) {
    this.#folder = folder;
    this.#seed = state;
    this.#calls = new Map(state.calls.map((call) => [call.callId, call]));
    this.#recordings = new Map(state.recordings.map((recording) => [recording.recordingId, recording]));
    this.#callFlows = [...state.callFlows];
    this.#idCount = state.idCount;
  }

  /** Makes an empty store; nothing is written before the first `put`. */
  static create(folder: SandboxFolder, seed: SandboxSeed): SandboxStore {
    const empty = { idCount: 0, calls: [], callFlows: [], recordings: [] };
    return new SandboxStore(folder, { schema: "holdfast.sandbox/1", ...toSeed(seed), ...empty });
  }

  /**
   * Loads the store of an earlier start.
   *
   * @returns undefined when the folder has none.
   * @throws {SandboxFolderError} it cannot be read, or was made from another seed.
   */
  static async load(folder: SandboxFolder, seed: SandboxSeed): Promise<SandboxStore | undefined> {
    const state = await loadState(folder.stateFile);
    if (state === undefined) return undefined;
    const [made, asked] = [describeSeed(state), describeSeed(seed)];
    if (made !== asked) throw new SandboxFolderError(`made from ${made}, not from ${asked}: ${folder.stateFile}`);
    return new SandboxStore(folder, state);
  }

  /** Returns a new id, which the seed and the number of ids before it decide. */
  newId(prefix: "rec" | "call" | "flow"): string {
    return `${prefix}_${new SeededRandom(`${this.#seed.seed}/id/${this.#idCount++}`).hex(16)}`;
  }

  call(callId: string): StoredCall | undefined {
    return this.#calls.get(callId);
  }

  /** Returns the newest flow of a telephone number. */
  callFlowOf(phoneNumber: string): StoredCallFlow | undefined {
    return this.#callFlows.findLast((flow) => flow.phone_number === phoneNumber);
  }

  recording(recordingId: string): StoredRecording | undefined {
    return this.#recordings.get(recordingId);
  }

  /** Returns all recordings in the order in which they were begun. */
  recordings(): readonly StoredRecording[] {
    return [...this.#recordings.values()];
  }

  putCall(call: StoredCall): Promise<void> {
    this.#calls.set(call.callId, call);
    return this.#save();
  }

  putCallFlow(flow: StoredCallFlow): Promise<void> {
    this.#callFlows.push(flow);
    return this.#save();
  }

  putRecording(recording: StoredRecording): Promise<void> {
    this.#recordings.set(recording.recordingId, recording);
    return this.#save();
  }

  /** Adds many rows with one write. */
  putSeeded(calls: readonly StoredCall[], recordings: readonly StoredRecording[]): Promise<void> {
    for (const call of calls) this.#calls.set(call.callId, call);
    for (const recording of recordings) this.#recordings.set(recording.recordingId, recording);
    return this.#save();
  }

  removeRecording(recordingId: string): Promise<void> {
    this.#recordings.delete(recordingId);
    return this.#save();
  }

  #save(): Promise<void> {
    return this.#saving(async () => {
      const file = new StagedFile(this.#folder.stagingFolder, "sandbox");
      try {
        await file.write(toChunks(this.#toState()), () => {});
        await file.commit(this.#folder.stateFile, { overwrite: true });
      } catch (error) {
        await file.discard();
        throw error;
      }
    });
  }

  #toState(): SandboxState {
    return {
      schema: "holdfast.sandbox/1",
      ...toSeed(this.#seed),
      idCount: this.#idCount,
      calls: [...this.#calls.values()],
      callFlows: this.#callFlows,
      recordings: [...this.#recordings.values()],
    };
  }
}

/** Takes the seed out of what has more, so that two can be compared and one be written. */
function toSeed({ seed, seedCalls, formats, lengthSeconds }: SandboxSeed) {
  return {
    ...{ seed, seedCalls },
    ...(formats && { formats: [...formats] }),
    ...(lengthSeconds && { lengthSeconds: { ...lengthSeconds } }),
  };
}

function describeSeed({ seed, seedCalls, formats, lengthSeconds }: SandboxSeed): string {
  const sound = formats === undefined ? "" : ` in ${formats.join(", ")}`;
  const length = lengthSeconds === undefined ? "" : ` of ${lengthSeconds.min} to ${lengthSeconds.max} s`;
  return `seed ${seed} with ${seedCalls} calls${sound}${length}`;
}

async function* toChunks(state: SandboxState): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify(state, undefined, 2)}\n`);
}

async function loadState(path: string): Promise<SandboxState | undefined> {
  try {
    return SandboxState.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (toSystemCode(error) === "ENOENT") return undefined;
    throw new SandboxFolderError(`not a sandbox's state: ${path}`, { cause: error });
  }
}
