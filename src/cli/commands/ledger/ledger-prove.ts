import type { Archive, Ledger } from "../../../archive/archive.ts";
import { parseRecordingId, type RecordingId } from "../../../core/recording-id.ts";
import { RunLog } from "../../../core/run-log.ts";
import { NotFoundError } from "../../../io/errors.ts";
import type { Command } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { toExitCode } from "../../exit-codes.ts";
import { optionalString, optionalWhole, refuseDryRun } from "../../flags.ts";
import { toJsonReport } from "../../report-output.ts";
import { withArchive } from "../../with-archive.ts";

/** Which event: one by its number, or the last about a recording. */
type ProveFlags = { readonly seq: number } | { readonly recordingId: RecordingId };

/** What shows that an event is in a ledger, to somebody who has a checkpoint of it or its key. */
interface LedgerProof {
  readonly schema: "holdfast.ledger-proof/1";
  /** The event as it stands in the file: the leaf. */
  readonly event: string;
  readonly index: number;
  readonly size: number;
  /** The inclusion path, each hash in base64. @see RFC 9162 section 2.1.3 */
  readonly hashes: readonly string[];
  /** The signed note whose root they lead to. */
  readonly checkpoint: string;
}

/** `holdfast ledger prove` */
export const ledgerProveCommand: Command<ProveFlags> = {
  builder: (yargs) =>
    yargs
      .option("event", { type: "number", requiresArg: true, describe: "The event, by its number" })
      .option("recording", { type: "string", requiresArg: true, describe: "The last event about this recording" })
      .conflicts("event", "recording"),

  toOptions: (argv) => {
    refuseDryRun(argv, "ledger prove");
    const [seq, recording] = [optionalWhole(argv, "event", 0), optionalString(argv, "recording")];
    if (seq !== undefined) return { seq };
    if (recording !== undefined) return { recordingId: parseRecordingId(recording) };
    throw new UsageError("say what is to be proven: --event NUMBER or --recording ID");
  },

  run: (flags, context) =>
    withArchive(context, { create: false }, async (archive) => {
      const log = new RunLog<LedgerProof>({ ...context, concurrency: 1 });
      log.planned(1, []);
      const proof = await prove(
        archive.ledger,
        "seq" in flags ? flags.seq : await findLast(archive, flags.recordingId),
      );
      log.ended({ type: "done", result: proof, bytes: 0, audioSeconds: 0 });
      const report = log.toReport("completed");
      context.output.printJson(toJsonReport("ledger prove", report));
      context.output.print(JSON.stringify(proof, null, 2));
      return toExitCode(report.outcome);
    }),
};

async function prove(ledger: Ledger, seq: number): Promise<LedgerProof> {
  if (seq >= ledger.size) throw new NotFoundError(`there is no event ${seq}: the ledger has ${ledger.size}`);
  if (seq >= (ledger.newestCheckpoint()?.size ?? 0)) await ledger.checkpoint();
  const newest = ledger.newestCheckpoint();
  if (newest === undefined) throw new Error("internal error: a ledger without a checkpoint");
  const { size, note } = newest;
  const hashes = await ledger.proveInclusion(seq, size);
  return {
    schema: "holdfast.ledger-proof/1",
    event: await ledger.line(seq),
    index: seq,
    size,
    hashes: hashes.map((hash) => hash.toString("base64")),
    checkpoint: note,
  };
}

async function findLast({ ledger }: Archive, recordingId: RecordingId): Promise<number> {
  let last: number | undefined;
  for await (const { seq, subject } of ledger.entries()) if (subject === recordingId) last = seq;
  if (last !== undefined) return last;
  throw new NotFoundError(`no event of the ledger is about this recording: ${recordingId}`);
}
