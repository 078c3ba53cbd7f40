import { once } from "node:events";
import { resolve } from "node:path";
import { Secret } from "../../core/secret.ts";
import { describeFaultKinds, FAULT_KIND_WIDTH, FAULT_PLACES } from "../../sandbox/faults/fault-kinds.ts";
import { type Fault, parseFaults } from "../../sandbox/faults/parse-faults.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { chooseFfmpeg } from "../choose-ffmpeg.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { optionalNumber, optionalString, refuseDryRun } from "../flags.ts";

/** What the sandbox's clients send and check; it serves this machine only and guards nothing. */
export const SANDBOX_API_KEY = "sandbox-key";
export const SANDBOX_WEBHOOK_SECRET = "sandbox-webhook-secret";

const FAULT_HELP = [
  "Faults (--fault reset=65536@0.05,429=date2/once,flip@0.01/always; see docs/sandbox-faults.md):",
  ...describeFaultKinds().map((line) => `  ${line}`),
  `  ${"mix".padEnd(FAULT_KIND_WIDTH)} most kinds, each at the probability (0.01)`,
  `Words: ${FAULT_PLACES.join(", ")} (where it may strike); once (the same request); always (a share of recordings).`,
].join("\n");

/** The flags of `sandbox`. */
export interface SandboxFlags {
  readonly port: number;
  readonly seed: number;
  readonly seedCalls: number;
  readonly directory: string;
  readonly webhookUrl: string | undefined;
  readonly faults: readonly Fault[];
  readonly reprDigest: boolean;
}

/** `holdfast sandbox` */
export const sandboxCommand: Command<SandboxFlags> = {
  builder: (yargs) =>
    yargs
      .option("port", {
        type: "number",
        requiresArg: true,
        default: 0,
        describe: "Port on 127.0.0.1 (0: any free one)",
      })
      .option("seed", {
        type: "number",
        requiresArg: true,
        default: 1,
        describe: "Decides ids, lengths, formats and speech",
      })
      .option("seed-calls", { type: "number", requiresArg: true, default: 24, describe: "Recordings to begin with" })
      .option("directory", {
        type: "string",
        requiresArg: true,
        default: "./holdfast-sandbox",
        describe: "Data folder; used again by the next start",
      })
      .option("webhook-url", {
        type: "string",
        requiresArg: true,
        describe: "Where webhooks are sent (they are always in events.ndjson)",
      })
      .option("fault", {
        type: "string",
        requiresArg: true,
        describe: "What goes wrong: KIND[=NUMBER][@PROBABILITY][/WORD...],... as below",
      })
      .option("repr-digest", {
        type: "boolean",
        default: false,
        describe: "Tell the digest of what is downloaded (Repr-Digest, RFC 9530)",
      })
      .epilogue(FAULT_HELP),

  toOptions: (argv) => {
    refuseDryRun(argv, "sandbox");
    return {
      port: toWhole(argv, "port", 65535),
      seed: toWhole(argv, "seed", Number.MAX_SAFE_INTEGER),
      seedCalls: toWhole(argv, "seedCalls", 10_000),
      directory: optionalString(argv, "directory") ?? "",
      webhookUrl: optionalString(argv, "webhookUrl"),
      faults: toFaults(optionalString(argv, "fault")),
      reprDigest: argv["reprDigest"] === true,
    };
  },

  run: async (flags, context) => {
    const { output, clock, signal } = context;
    const { ffmpeg } = await chooseFfmpeg(context);
    output.note(`making or loading ${flags.seedCalls} recordings in ${flags.directory}`);
    const sandbox = await openSandbox({
      ...flags,
      ffmpeg,
      clock,
      signal,
      apiKey: new Secret(SANDBOX_API_KEY),
      webhookSecret: new Secret(SANDBOX_WEBHOOK_SECRET),
    });
    try {
      output.print(
        "The sandbox serves until Ctrl-C. In another terminal:",
        `  export AUDIAN_BASE_URL=${sandbox.baseUrl} AUDIAN_API_KEY=${SANDBOX_API_KEY}`,
        `  export AUDIAN_WEBHOOK_SECRET=${SANDBOX_WEBHOOK_SECRET}`,
        `  holdfast fetch --events ${resolve(flags.directory, "events.ndjson")}`,
        `The account of the other listing (--dialect account) is ${sandbox.accountId}.`,
      );
      output.printJson({
        schema: "holdfast.sandbox/1",
        baseUrl: sandbox.baseUrl,
        accountId: sandbox.accountId,
        eventsFile: resolve(flags.directory, "events.ndjson"),
      });
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await sandbox.close();
    }
    return EXIT_CODES.ok;
  },
};

function toFaults(spec: string | undefined): readonly Fault[] {
  return spec === undefined ? [] : parseFaults(spec);
}

function toWhole(argv: Parameters<typeof optionalNumber>[0], name: string, max: number): number {
  const value = optionalNumber(argv, name);
  if (value !== undefined && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new UsageError(`--${name === "seedCalls" ? "seed-calls" : name} takes a whole number from 0 to ${max}`);
}
