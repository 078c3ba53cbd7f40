import { rm } from "node:fs/promises";
import type { Benchmark, BenchmarkContext, Case, Ended, OpenBenchmark, Outputs, Subject } from "./harness/benchmark.ts";
import { repositoryPath } from "./harness/repository.ts";
import { type MadeLedger, makeLedger } from "./make-ledger.ts";

const FULL = { appended: 50_000, events: 1_000_000 };
const SMOKE = { appended: 2000, events: 5000 };
const CALLERS = 1000;

/**
 * The ledger, against what cannot be left out: for appending, lines that are brought to disk in the same batches; for
 * verifying, one SHA-256 over the same bytes; for finding, grep. Events a second are those in the case's name / the wall
 * seconds, with the start of the process in them.
 */
export const ledgerBenchmark: Benchmark = {
  name: "ledger",
  description: "append to, open, verify and search the ledger against bare lines, sha256sum, tail and grep",
  rounds: 5,
  open,
};

async function open({ workspace, smoke }: BenchmarkContext): Promise<OpenBenchmark> {
  const { appended, events } = smoke ? SMOKE : FULL;
  const made = await makeLedger(workspace.path("ledger"), events);
  const folder = workspace.path("work");
  return {
    parameters: { appended, events, callers: CALLERS, eventBytes: Math.round(made.sizeBytes / events) },
    cases: [
      toAppendCase(appended, { callers: CALLERS, folder }),
      toAppendCase(appended, { callers: 1, folder }),
      toReadCase(`open ${events} events`, toOpenScript(made), { made, folder, peer: ["tail", toTailScript(made)] }),
      toReadCase(`verify ${events} events`, toVerifyScript(made), {
        made,
        folder,
        peer: ["sha256sum", toSumScript(made)],
      }),
      toReadCase(`find holds among ${events} events`, toFindScript(made), {
        made,
        folder,
        peer: ["grep", toGrepScript(made)],
      }),
    ],
    close: async () => undefined,
  };
}

const imported = (path: string) => JSON.stringify(repositoryPath(`dist/${path}`));

const OPENING = `
import { Ledger } from ${imported("ledger/ledger.js")};
import { generateSigningKey, parseSigningKey } from ${imported("signing/signing-key.js")};
const open = (folder, key, create) =>
  Ledger.open(folder, { archiveId: "bench", key, actor: "bench", run: "bench", clock: { now: () => Date.now() }, create });`;

/** Appends events from some callers at once; where there is one, it gives a thousand events with each call. */
function toAppendCase(count: number, { callers, folder }: { readonly callers: number; readonly folder: string }): Case {
  const each = callers === 1 ? 1000 : 1;
  const loop = `
const event = (index) => ({ type: "fetched", subject: "rec_" + index, digests: { original: "ab".repeat(32), sidecar: "cd".repeat(32) } });
const groups = Array.from({ length: ${count / each} }, (_, index) => Array.from({ length: ${each} }, (_, one) => event(index * ${each} + one)));
let next = 0;
const call = async () => { while (next < groups.length) await append(groups[next++]); };
await Promise.all(Array.from({ length: ${callers} }, call));`;
  const holdfast = `${OPENING}
const ledger = await open("ledger", generateSigningKey(), true);
const append = (events) => ledger.append(events);${loop}
await ledger.checkpoint();
process.stdout.write(String(ledger.size - 1));
await ledger.close();`;
  const bare = `
import { AppendLog } from ${imported("io/append-log.js")};
const log = await AppendLog.open("lines.ndjson");
let size = 0;
const append = (events) => { size += events.length; return log.append(events.map((event) => JSON.stringify(event)).join("\\n")); };${loop}
process.stdout.write(String(size));`;
  const name =
    callers === 1 ? `append ${count} events, 1000 a call` : `append ${count} events, ${callers} callers at once`;
  return toCase(name, {
    folder,
    count,
    subjects: [
      ["holdfast", holdfast],
      ["bare lines", bare],
    ],
  });
}

interface ReadScene {
  readonly made: MadeLedger;
  readonly folder: string;
  readonly peer: readonly [name: string, script: string];
}

function toReadCase(name: string, holdfast: string, { made, folder, peer: [program, script] }: ReadScene): Case {
  const count = name.startsWith("find") ? made.holds : made.events;
  const peer = toSubject(program, ["sh", "-c", script], folder);
  return {
    name,
    subjects: [toSubject("holdfast", toNodeArgv(holdfast), folder), { ...peer, programs: [program] }],
    trials: [{ name: "count", succeeds: true, expected: toCount(String(count)) }],
  };
}

interface CaseScene {
  readonly folder: string;
  readonly count: number;
  readonly subjects: readonly [readonly [name: string, script: string], readonly [name: string, script: string]];
}

function toCase(name: string, { folder, count, subjects: [ours, peer] }: CaseScene): Case {
  return {
    name,
    subjects: [toSubject(ours[0], toNodeArgv(ours[1]), folder), toSubject(peer[0], toNodeArgv(peer[1]), folder)],
    trials: [{ name: "count", succeeds: true, expected: toCount(String(count)) }],
  };
}

function toNodeArgv(text: string): readonly [string, ...string[]] {
  return [process.execPath, "--input-type=module", "-e", text];
}

function toSubject(name: string, argv: readonly [string, ...string[]], folder: string): Subject {
  return {
    name,
    description:
      argv[0] === "sh"
        ? argv
            .slice(-1)
            .join("")
            .replaceAll(/'[^']*'/g, "FILE")
        : "the modules of dist/, in a process of their own",
    programs: [],
    commandLine: { argv, folder },
    clear: () => rm(folder, { recursive: true, force: true }),
    outputs: async ({ stdout }: Ended) => toCount(stdout.trim()),
  };
}

function toCount(text: string): Outputs {
  return new Map([["count", text]]);
}

function toKey({ keyText }: MadeLedger): string {
  return `parseSigningKey(${JSON.stringify(keyText)}, "bench")`;
}

function toOpenScript(made: MadeLedger): string {
  return `${OPENING}
const ledger = await open(${JSON.stringify(made.folder)}, ${toKey(made)}, false);
process.stdout.write(String(ledger.size));
await ledger.close();`;
}

function toVerifyScript(made: MadeLedger): string {
  return `${OPENING}
import { verifyLedger } from ${imported("ledger/verify-ledger.js")};
const { publicKey } = ${toKey(made)};
const { size, findings } = await verifyLedger(${JSON.stringify(made.folder)}, { archiveId: "bench", publicKey, anchors: [] });
process.stdout.write(findings.length === 0 ? String(size) : JSON.stringify(findings));`;
}

function toFindScript(made: MadeLedger): string {
  return `${OPENING}
const ledger = await open(${JSON.stringify(made.folder)}, ${toKey(made)}, false);
let count = 0;
for await (const _ of ledger.find(["held", "released"])) count += 1;
process.stdout.write(String(count));
await ledger.close();`;
}

/** Says how many there are by the last line alone. */
function toTailScript({ eventsPath }: MadeLedger): string {
  return `echo $(($(tail -n 1 '${eventsPath}' | cut -d: -f2 | cut -d, -f1) + 1))`;
}

function toSumScript({ eventsPath }: MadeLedger): string {
  return `sha256sum '${eventsPath}' >&2; wc -l < '${eventsPath}'`;
}

function toGrepScript({ eventsPath }: MadeLedger): string {
  return `grep -c -e '"type":"held"' -e '"type":"released"' '${eventsPath}'`;
}
