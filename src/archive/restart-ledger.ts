import { NothingToDoError } from "../core/errors.ts";
import { toRunId } from "../core/run-id.ts";
import { type StorageKey, toStorageKey } from "../core/storage-key.ts";
import type { AnchoredCheckpoint } from "../ledger/anchor-file.ts";
import { LedgerBrokenError } from "../ledger/errors.ts";
import { Inbox } from "../ledger/inbox.ts";
import { Ledger, type OpenLedgerOptions } from "../ledger/ledger.ts";
import { discardDraft, placeDraft, toDraftFolder, tryLoadDraftBeginning } from "../ledger/ledger-draft.ts";
import { toOrigin } from "../ledger/ledger-paths.ts";
import { type SalvagedLedger, salvageLedger } from "../ledger/salvage-ledger.ts";
import { Archive, type ArchivePorts } from "./archive.ts";
import { QUARANTINE_PREFIX } from "./archive-key.ts";
import { type CarriedHolds, carryHolds } from "./carry-holds.ts";
import { ArchiveNotFoundError, HoldsLostError } from "./errors.ts";
import { adoptInto, loadMarker } from "./marker.ts";
import { toNoteKey } from "./quarantine.ts";
import { toDoubts } from "./restart-doubts.ts";
import type { ArchiveMarker } from "./schema.ts";

/** What a ledger is restarted with: the parts of an archive whose catalogue is already ours, and who signs the new one. */
export interface RestartPorts extends Omit<ArchivePorts, "openLedger"> {
  /** The folder `ledger` of the archive. */
  readonly ledgerFolder: string;
  readonly custodian: Pick<OpenLedgerOptions, "actor" | "key" | "previousKey">;
}

/** What a restart would do. */
export interface RestartPlan {
  readonly marker: ArchiveMarker;
  /** Why the ledger cannot be gone on with. */
  readonly problem: string;
  /** Anchors that vouch for the old ledger, and that no new one fits. */
  readonly staleAnchors: readonly string[];
  /** Undefined where an earlier restart was cut short, and only its last step is left. */
  readonly old: OldLedger | undefined;
}

/** What is known of the ledger that is put aside. */
export interface OldLedger {
  readonly salvaged: SalvagedLedger;
  readonly carried: CarriedHolds;
  /** Why a hold may be lost. */
  readonly doubts: readonly string[];
}

/** How a planned restart is to be done. */
export interface RestartOptions {
  readonly reason: string;
  /** Whether it is done although a hold may be lost by it. */
  readonly acceptLostHolds: boolean;
}

/** What a restart has done. */
export interface Restarted {
  /** Where the old ledger lies; undefined when nothing of it stood there. */
  readonly quarantinedAs: StorageKey | undefined;
}

const LEDGER_KEY = toStorageKey("ledger");
const EVENTS_KEY = toStorageKey(LEDGER_KEY, "events.ndjson");

/**
 * Finds out whether an archive's ledger is broken, and what of it can be taken over. A sound one is opened as by any command.
 *
 * @throws {NothingToDoError} the ledger is sound, or there has been none yet.
 * @throws {ArchiveNotFoundError} there is no archive.
 */
export async function planRestart(ports: RestartPorts, signal?: AbortSignal): Promise<RestartPlan> {
  const { storage, anchors = [], ledgerFolder: folder, custodian } = ports;
  const marker = await loadMarker(storage);
  if (marker === undefined) throw new ArchiveNotFoundError(`no archive at ${storage.traits.location}`);
  const { archiveId } = marker;
  const held = await Promise.all(anchors.map((anchor) => anchor.checkpoints()));
  const isOurs = ({ origin }: AnchoredCheckpoint) => origin === toOrigin(archiveId);
  const staleAnchors = anchors.filter((_, index) => held[index]?.some(isOurs)).map(({ place }) => place);
  if (await isHalfDone(ports)) {
    return { marker, problem: "an earlier restart was cut short", staleAnchors, old: undefined };
  }
  const problem = await findProblem(ports, marker);
  const { key, previousKey } = custodian;
  const publicKeys = previousKey === undefined ? [key.publicKey] : [key.publicKey, previousKey];
  const options = { archiveId, publicKeys, anchors: held.flat(), types: ["held", "released"] as const, signal };
  const salvaged = await salvageLedger(folder, options);
  const carried = carryHolds(salvaged.events, 1);
  return { marker, problem, staleAnchors, old: { salvaged, carried, doubts: toDoubts(salvaged, carried) } };
}

/**
 * Puts the ledger aside as it is, and begins a new one that takes over its holds and adopts all recordings. The new one is
 * finished before the old one moves: whatever a crash leaves, the next restart goes on, and none loses a hold that could be read.
 *
 * @throws {HoldsLostError} a hold may be lost, and that was not accepted; nothing was changed.
 */
export async function runRestart(ports: RestartPorts, plan: RestartPlan, options: RestartOptions): Promise<Restarted> {
  const { storage, ledgerFolder, clock } = ports;
  const doubts = plan.old?.doubts ?? [];
  if (doubts.length > 0 && !options.acceptLostHolds) throw new HoldsLostError(doubts);
  const isThere = (await storage.stat(LEDGER_KEY)) !== undefined;
  const key = toStorageKey(QUARANTINE_PREFIX, `ledger-${toRunId(clock.now())}`);
  const quarantinedAs = isThere ? key : undefined;
  const note = { reason: options.reason, problem: plan.problem, ...toFacts(plan.old), quarantinedAs };
  if (plan.old !== undefined) await makeDraft(ports, { ...plan, old: plan.old }, note);
  if (isThere) {
    await carryInbox(ledgerFolder);
    const text = `${JSON.stringify({ schema: "holdfast.quarantined-ledger/1", ...note }, null, 2)}\n`;
    await storage.setAside(LEDGER_KEY, { key, note: { key: toNoteKey(key), text } });
  }
  await placeDraft(ledgerFolder);
  return { quarantinedAs };
}

/** Tells whether all is done but that the new ledger gets its name. */
async function isHalfDone({ storage, ledgerFolder }: RestartPorts): Promise<boolean> {
  if ((await storage.stat(EVENTS_KEY)) !== undefined) return false;
  const previous = (await tryLoadDraftBeginning(ledgerFolder))?.detail?.["previous"];
  const quarantinedAs = (previous as { readonly quarantinedAs?: unknown } | undefined)?.quarantinedAs;
  return typeof quarantinedAs === "string" && (await storage.stat(toStorageKey(quarantinedAs))) !== undefined;
}

async function findProblem(ports: RestartPorts, { archiveId, ledger: hasLedger }: ArchiveMarker): Promise<string> {
  const { storage, anchors = [], ledgerFolder: folder, custodian, clock } = ports;
  if (hasLedger === undefined && (await storage.stat(LEDGER_KEY)) === undefined) {
    throw new NothingToDoError("the archive has no ledger yet: the next command that opens it begins one");
  }
  try {
    const options = { ...custodian, archiveId, anchors, run: toRunId(clock.now()), clock, create: false };
    const ledger = await Ledger.open(folder, options);
    const findings = await verifyOpened(ledger, ports).finally(() => ledger.close());
    const [finding] = findings;
    if (finding !== undefined) return finding.message;
  } catch (error) {
    if (error instanceof LedgerBrokenError) return error.message;
    throw error;
  }
  throw new NothingToDoError(`the ledger is sound, and goes on as it is: ${folder}`, {
    hint: "to sign with another key from now on, name the public key before it as ledgerPreviousKeyFile",
  });
}

async function verifyOpened(ledger: Ledger, { anchors = [] }: RestartPorts) {
  await ledger.checkpoint();
  const held = await Promise.all(anchors.map((anchor) => anchor.checkpoints()));
  return (await ledger.verify({ anchors: held.flat() })).findings;
}

/** What the new ledger's first event says of the old one. */
function toFacts(old: OldLedger | undefined): Readonly<Record<string, unknown>> {
  if (old === undefined) return {};
  const { salvaged, carried, doubts } = old;
  const { file, lines, newest, proven } = salvaged;
  return {
    ...(file === undefined ? {} : { eventsSha256: file.sha256, bytes: file.bytes }),
    events: lines,
    provenEvents: proven,
    ...(newest && { newestCheckpoint: { ...newest, root: newest.root.toString("base64") } }),
    carried: { held: carried.held, released: carried.released },
    ...(carried.unproven > 0 && { unprovenReleases: carried.unproven }),
    ...(doubts.length > 0 && { lostHoldsAccepted: doubts }),
  };
}

async function makeDraft(
  ports: RestartPorts,
  { marker, old }: RestartPlan & { readonly old: OldLedger },
  previous: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { storage, catalogue, ledgerFolder, custodian, clock } = ports;
  const { actor, key } = custodian;
  await discardDraft(ledgerFolder);
  const openLedger = async (archiveId: string) => {
    const options = { archiveId, actor, key, previous, run: toRunId(clock.now()), clock, create: true };
    const draft = await Ledger.open(toDraftFolder(ledgerFolder), options);
    await draft.append(carryHolds(old.salvaged.events, draft.size).events);
    return draft;
  };
  // What runs have left undone is finished in the new ledger, and a catalogue that is gone is made anew.
  const { ledger } = await Archive.open({ ...ports, anchors: [], openLedger }, { create: false });
  try {
    if (marker.ledger !== undefined) await adoptInto(ledger, { storage, catalogue, marker });
    await ledger.checkpoint();
  } finally {
    await ledger.close();
  }
}

/** Notes that nobody has taken into the old ledger yet go into the new one. */
async function carryInbox(folder: string): Promise<void> {
  const [from, to] = [new Inbox(folder), new Inbox(toDraftFolder(folder))];
  for (const name of await from.list()) {
    const text = await from.read(name);
    if (text !== undefined) await to.leave(name, text);
  }
}
