import { dirname } from "node:path";
import { Derivative, type StoredAudio } from "../../archive/schema.ts";
import type { Finding } from "../../core/finding.ts";
import { RECORD_SUFFIX } from "../../core/record-name.ts";
import { tryParseJson } from "../../core/try-parse-json.ts";
import { NotFoundError } from "../../io/errors.ts";
import { isThere } from "../../io/is-there.ts";
import { tryReadBoundedFile } from "../../io/read-bounded-file.ts";
import type { Expected, Holding, Unit } from "../holding.ts";

/** The record of one output takes a few thousand bytes. */
const MAX_RECORD_BYTES = 1 << 20;

/**
 * Opens single files. One that `convert` wrote has its record beside it, which says what it must be; of another nothing is
 * recorded, and all that can be judged is the file itself.
 *
 * @throws {StorageUnavailableError} a record is there and cannot be read.
 */
export async function openFilesHolding(paths: readonly string[]): Promise<Holding> {
  const findings: Finding[] = [];
  const files: Expected[] = [];
  const audio = new Map<string, StoredAudio>();
  for (const path of new Set(paths)) {
    const record = await tryLoadOutput(path);
    if (record === "invalid") findings.push(toInvalid(path));
    const known = typeof record === "object" ? record : undefined;
    if (known !== undefined) audio.set(path, known);
    const digests = known === undefined ? [] : [{ algorithm: "sha256", hex: known.sha256 } as const];
    files.push({ path, sizeBytes: known?.sizeBytes, digests, isUnrecorded: known === undefined });
  }
  const alone = files.filter(({ digests }) => digests.length === 0).length;
  return {
    noun: files.length === 1 ? "file" : "files",
    location: files.length === 1 ? (files[0]?.path ?? "") : `${files.length} files`,
    findings,
    remarks:
      alone === 0 ? [] : [`of ${alone} of ${files.length} files nothing is recorded: they were judged by themselves`],
    planned: { files: files.length, bytes: undefined },
    units: () => toUnits(files),
    isReachable: () => isAnyFolderThere(files),
    loadAudio: async ({ subject }) => {
      const known = audio.get(subject);
      return new Map(known === undefined ? [] : [[subject, known]]);
    },
  };
}

/** Reads what `convert` wrote down of an output; undefined when there is no record. */
async function tryLoadOutput(path: string): Promise<StoredAudio | "invalid" | undefined> {
  try {
    const bytes = await tryReadBoundedFile(`${path}${RECORD_SUFFIX}`, MAX_RECORD_BYTES);
    const document = tryParseJson(Buffer.from(bytes ?? []).toString("utf8"));
    const output =
      typeof document === "object" && document !== null && "output" in document ? document.output : undefined;
    return Derivative.safeParse(output).data ?? "invalid";
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

function toInvalid(path: string): Finding {
  const message = "the record of its conversion cannot be read";
  return { kind: "manifest-invalid", subject: `${path}${RECORD_SUFFIX}`, message, detail: {} };
}

async function* toUnits(files: readonly Expected[]): AsyncGenerator<Unit> {
  for (const file of files) yield { subject: file.path, files: [file] };
}

async function isAnyFolderThere(files: readonly Expected[]): Promise<boolean> {
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) if (await isThere(folder)) return true;
  return false;
}
