import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import { toStorageError } from "../io/errors.ts";
import { makeFolder, syncPath } from "../io/make-folder.ts";
import { PRIVATE } from "../io/permissions.ts";
import type { PublicKey } from "../signing/public-key.ts";
import { toVerifierKey, type Verifier } from "../signing/verifier-key.ts";
import { openCheckpoint, type SignedCheckpoint } from "./checkpoint.ts";
import { type CheckpointFile, listCheckpoints, loadNote, sweepCheckpoints } from "./checkpoint-store.ts";
import { LedgerBrokenError } from "./errors.ts";
import { EventFile } from "./event-file.ts";
import { LedgerIndex } from "./ledger-index.ts";
import { type LedgerPaths, toOrigin } from "./ledger-paths.ts";
import { hashLeaf } from "./merkle/tree-hash.ts";
import { tryReadEventAt } from "./read-event-at.ts";
import { type Replayed, type ReplayedEvent, replayEvents } from "./replay.ts";

/** A ledger as it was found. */
export interface FoundLedger {
  readonly file: EventFile;
  readonly index: LedgerIndex;
  readonly newest: SignedCheckpoint | undefined;
  /** What the newest checkpoint does not cover. */
  readonly unsigned: UnsignedTail;
  /** The torn line behind the last event, which was cut off. */
  readonly cut: CutLine | undefined;
}

/** Events behind the newest checkpoint. */
export interface UnsignedTail {
  readonly events: number;
}

/** A torn line. */
export interface CutLine {
  readonly cutBytes: number;
  readonly sha256: Sha256Hex;
}

/** Whose ledger is to be found, and who may have signed it. */
export interface LedgerExpectation {
  readonly archiveId: string;
  readonly keys: readonly PublicKey[];
}

/**
 * Makes the files of a ledger without events, unless they are there.
 *
 * @throws {StorageUnavailableError} they cannot be made.
 */
export async function makeLedgerFiles({ folder, events, checkpoints }: LedgerPaths): Promise<void> {
  try {
    await makeFolder(checkpoints, PRIVATE);
    const file = await open(events, "a", PRIVATE.fileMode);
    await file.close();
    await syncPath(folder);
  } catch (error) {
    throw toStorageError(folder, error);
  }
}

/**
 * Finds out how far a ledger reaches, and cuts off a torn last line. Of what the newest checkpoint covers nothing is read but
 * the last event, unless the caches are not as they were left: then all is read, and they are made anew.
 *
 * @throws {LedgerBrokenError} it does not fit its newest checkpoint, or that is not signed by one of the keys.
 */
export async function findLedger(paths: LedgerPaths, expected: LedgerExpectation): Promise<FoundLedger> {
  await sweepCheckpoints(paths);
  const newest = await findNewestCheckpoint(paths, expected);
  const index = new LedgerIndex(paths);
  try {
    const { endByte, torn } = await readOn(paths, { index, newest, expected });
    const file = new EventFile(paths.events, endByte);
    if (torn !== undefined) await file.cut();
    index.flush();
    const unsigned = { events: index.size - (newest?.size ?? 0) };
    return { file, index, newest, unsigned, cut: torn && toCutLine(torn) };
  } catch (error) {
    index.close();
    throw error;
  }
}

async function findNewestCheckpoint(paths: LedgerPaths, expected: LedgerExpectation) {
  const file = (await listCheckpoints(paths)).at(-1);
  if (file?.size === undefined) return undefined;
  return openSigned(file, toVerifiers(expected));
}

function toVerifiers({ archiveId, keys }: LedgerExpectation): readonly Verifier[] {
  return keys.map((publicKey) => ({ name: toOrigin(archiveId), publicKey }));
}

async function openSigned({ path, size }: CheckpointFile, verifiers: readonly Verifier[]): Promise<SignedCheckpoint> {
  const opened = openCheckpoint(await loadNote(path), verifiers);
  if ("problem" in opened) {
    throw new LedgerBrokenError(`the newest checkpoint cannot be relied on: ${opened.problem}: ${path}`, {
      hint: "HOLDFAST_LEDGER_KEY_FILE names the key that has signed until now, if another user keeps it; if it was changed, ledgerPreviousKeyFile names the one before; else put the folder ledger back from a copy",
    });
  }
  if (opened.size !== size) throw new LedgerBrokenError(`a checkpoint of ${opened.size} events is called ${path}`);
  return opened;
}

/** What reading needs: where the tree grows, what it must have grown to on the way, and how it must begin. */
interface Reading {
  readonly index: LedgerIndex;
  readonly newest: SignedCheckpoint | undefined;
  readonly expected: LedgerExpectation;
}

async function readOn({ events }: LedgerPaths, { index, newest, expected }: Reading): Promise<Replayed> {
  const startByte = newest && (await tryResume(events, { index, newest }));
  if (startByte === undefined) index.clear();
  const replayed = await replayEvents(events, { startSeq: index.size, startByte: startByte ?? 0 }, (event) => {
    growBy(event, index);
    if (newest === undefined) return assertBeginning(event.entry, expected);
    if (index.size === newest.size && !index.root().equals(newest.root)) throw toChangedError(newest, events);
  });
  if (newest !== undefined && index.size < newest.size) throw toShortError(newest, index.size);
  return replayed;
}

/** Says where the first event behind the checkpoint begins, or undefined when the caches are of no use. */
async function tryResume(events: string, { index, newest }: Pick<Reading, "index"> & { newest: SignedCheckpoint }) {
  if (!index.resume(newest)) return undefined;
  const last = newest.size - 1;
  const event = await tryReadEventAt(events, index.byteOffsetOf(last));
  return event && index.proveInclusion(last, newest.size, hashLeaf(event.line)) && event.endByte;
}

/** Adds an event to the tree. */
export function growBy({ line, byteOffset }: ReplayedEvent, index: LedgerIndex): void {
  index.append(hashLeaf(line), byteOffset);
  index.relieve();
}

/** Where no checkpoint is, nothing may be but the event with which a ledger begins, and a crash may have ended that. */
function assertBeginning(
  { seq, type, subject, detail }: LedgerEntry,
  { archiveId, keys: [key] }: LedgerExpectation,
): void {
  const isOurs = subject === archiveId && detail?.["verifierKey"] === (key && toVerifierKey(toOrigin(archiveId), key));
  if (seq === 0 && type === "ledger-begun" && isOurs) return;
  throw new LedgerBrokenError("the ledger has events, and no checkpoint vouches for them");
}

function toChangedError({ size }: SignedCheckpoint, path: string): LedgerBrokenError {
  return new LedgerBrokenError(
    `the first ${size} events are not those that the newest checkpoint vouches for: ${path}`,
  );
}

function toShortError({ size }: SignedCheckpoint, found: number): LedgerBrokenError {
  return new LedgerBrokenError(
    `${size - found} events are gone: the newest checkpoint covers ${size}, and there are ${found}`,
  );
}

function toCutLine(torn: Buffer): CutLine {
  return { cutBytes: torn.length, sha256: parseSha256(createHash("sha256").update(torn).digest("hex")) };
}
