import { open } from "node:fs/promises";
import { NotFoundError, toStorageError } from "../io/errors.ts";
import { PRIVATE } from "../io/permissions.ts";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import { type SignedCheckpoint, tryParseSignedCheckpoint } from "./checkpoint.ts";
import { AnchorInvalidError, LedgerBrokenError } from "./errors.ts";

/** A quarter of a million checkpoints. */
const MAX_ANCHOR_BYTES = 1 << 26;
const SIGNATURE_START = "— ";

/** A checkpoint that is kept outside the archive. Nobody has looked at its signature yet. */
export interface AnchoredCheckpoint extends SignedCheckpoint {
  /** For a person: where it was read. */
  readonly where: string;
}

/** What an anchor needs of a ledger. */
export interface AnchoredLedger {
  readonly origin: string;
  newestCheckpoint(): SignedCheckpoint | undefined;
  includes(checkpoint: SignedCheckpoint): Promise<boolean>;
}

/**
 * Reads the checkpoints of an anchor file: signed notes, each followed by an empty line.
 *
 * @throws {NotFoundError} there is no such file.
 * @throws {AnchorInvalidError} it holds something else.
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function loadAnchor(path: string): Promise<readonly AnchoredCheckpoint[]> {
  const bytes = await tryReadBoundedFile(path, MAX_ANCHOR_BYTES);
  if (bytes === undefined) throw new AnchorInvalidError(`an anchor of more than ${MAX_ANCHOR_BYTES} bytes: ${path}`);
  return splitNotes(Buffer.from(bytes).toString()).map(({ note, line }) => {
    const checkpoint = tryParseSignedCheckpoint(note);
    if (checkpoint !== undefined) return { ...checkpoint, where: `${path}, line ${line}` };
    throw new AnchorInvalidError(`not a checkpoint: line ${line} of ${path}`, {
      hint: "if it is half of one at the end of the file, remove those lines",
    });
  });
}

/**
 * Holds a ledger against the anchored checkpoint of the most events; a file that is not there holds nothing against it.
 *
 * @returns that checkpoint, if there is one of this ledger.
 * @throws {LedgerBrokenError} the ledger does not extend it: it was rolled back, or its history was written anew.
 * @throws {AnchorInvalidError} the file holds something else than checkpoints.
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function assertExtendsAnchor(
  path: string,
  ledger: Pick<AnchoredLedger, "origin" | "includes">,
): Promise<AnchoredCheckpoint | undefined> {
  const ours = (await loadAnchorIfThere(path)).filter(({ origin }) => origin === ledger.origin);
  const last = ours.reduce<AnchoredCheckpoint | undefined>(
    (most, one) => (one.size > (most?.size ?? 0) ? one : most),
    undefined,
  );
  if (last === undefined || (await ledger.includes(last))) return last;
  throw new LedgerBrokenError(`the ledger does not extend the ${last.size} events that were anchored: ${last.where}`, {
    hint: "the archive was rolled back, or its history was written anew; holdfast ledger verify --anchor says more",
  });
}

/**
 * Appends the ledger's newest checkpoint, durably, unless it is there; the file is made if need be.
 *
 * @returns whether it was appended.
 * @throws {LedgerBrokenError} the file holds a checkpoint of this ledger that the ledger does not extend: it was rolled back,
 * or its history was written anew.
 * @throws {AnchorInvalidError} the file holds something else than checkpoints.
 * @throws {NotFoundError} its folder is not there.
 * @throws {StorageFullError} no space left.
 * @throws {StorageUnavailableError} any other failure of the file system.
 */
export async function appendToAnchor(path: string, ledger: AnchoredLedger): Promise<boolean> {
  const newest = ledger.newestCheckpoint();
  if (newest === undefined) return false;
  const last = await assertExtendsAnchor(path, ledger);
  if (last?.size === newest.size) return false;
  await appendNote(path, newest.note);
  return true;
}

/** Reads an anchor file as {@link loadAnchor} does; one that is not there holds nothing. */
export async function loadAnchorIfThere(path: string): Promise<readonly AnchoredCheckpoint[]> {
  try {
    return await loadAnchor(path);
  } catch (error) {
    if (error instanceof NotFoundError) return [];
    throw error;
  }
}

async function appendNote(path: string, note: string): Promise<void> {
  try {
    const file = await open(path, "a", PRIVATE.fileMode);
    try {
      await file.appendFile(`${note}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toStorageError(path, error);
  }
}

interface PlacedNote {
  readonly note: string;
  /** Where it begins, from 1. */
  readonly line: number;
}

/** A note ends with the last of the signatures that stand behind its first empty line. */
function splitNotes(text: string): readonly PlacedNote[] {
  const notes: PlacedNote[] = [];
  let lines: string[] = [];
  let isSigned = false;
  const end = (nextIndex: number) => {
    if (lines.length > 0) notes.push({ note: lines.join(""), line: nextIndex - lines.length + 1 });
    lines = [];
    isSigned = false;
  };
  const all = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  for (const [index, line] of all.entries()) {
    if (line === "\n" && (isSigned || lines.length === 0)) end(index);
    else {
      if (isSigned && !line.startsWith(SIGNATURE_START)) end(index);
      lines.push(line);
      isSigned ||= lines.at(-2) === "\n" && line.startsWith(SIGNATURE_START);
    }
  }
  end(all.length);
  return notes;
}
