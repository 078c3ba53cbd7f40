import { once } from "node:events";
import { resolve } from "node:path";
import { Secret } from "../../core/secret.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { chooseFfmpeg } from "../choose-ffmpeg.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { optionalNumber, optionalString, refuseDryRun } from "../flags.ts";

/** What the sandbox's clients send and check; it serves this machine only and guards nothing. */
export const SANDBOX_API_KEY = "sandbox-key";
export const SANDBOX_WEBHOOK_SECRET = "sandbox-webhook-secret";

/** The flags of `sandbox`. */
export interface SandboxFlags {
  readonly port: number;
  readonly seed: number;
  readonly seedCalls: number;
  readonly directory: string;
  readonly webhookUrl: string | undefined;
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
      }),

  toOptions: (argv) => {
    refuseDryRun(argv, "sandbox");
    return {
      port: toWhole(argv, "port", 65535),
      seed: toWhole(argv, "seed", Number.MAX_SAFE_INTEGER),
      seedCalls: toWhole(argv, "seedCalls", 10_000),
      directory: optionalString(argv, "directory") ?? "",
      webhookUrl: optionalString(argv, "webhookUrl"),
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
      );
      output.printJson({
        schema: "holdfast.sandbox/1",
        baseUrl: sandbox.baseUrl,
        eventsFile: resolve(flags.directory, "events.ndjson"),
      });
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await sandbox.close();
    }
    return EXIT_CODES.ok;
  },
};

function toWhole(argv: Parameters<typeof optionalNumber>[0], name: string, max: number): number {
  const value = optionalNumber(argv, name);
  if (value !== undefined && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new UsageError(`--${name === "seedCalls" ? "seed-calls" : name} takes a whole number from 0 to ${max}`);
}
