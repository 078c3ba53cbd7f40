import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { ExitCode } from "../../../src/cli/exit-codes.ts";
import { Output } from "../../../src/cli/terminal.ts";
import { withArchive } from "../../../src/cli/with-archive.ts";
import { resolveConfig } from "../../../src/config/resolve-config.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { TEST_CLOCK } from "../../helpers/test-clock.ts";
import { toTestKeyFile } from "../../helpers/test-custodian.ts";

/** Runs a command that ends with a code, and behind which no checkpoint can be stored. */
async function closeBadly(code: ExitCode) {
  const archive = join(await makeTemporaryFolder(), "archive");
  const environment = { HOLDFAST_LEDGER_KEY_FILE: toTestKeyFile() };
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = new Output({ stdout, stderr }, { json: false, quiet: false, logFormat: "text" });
  const context = {
    ...{ config: resolveConfig({ flags: { archive }, environment, file: undefined }), environment, output },
    ...{ clock: TEST_CLOCK, signal: new AbortController().signal, cores: 1, program: [] },
  };
  const ended = withArchive(context, { create: true }, async (opened) => {
    await opened.record([{ type: "fetched", subject: "rec_1" }]);
    await rename(join(archive, "ledger/checkpoints"), join(archive, "ledger/away"));
    await writeFile(join(archive, "ledger/checkpoints"), "in the way");
    return code;
  }).finally(() => stderr.end());
  return { ended, said: text(stderr) };
}

test("a closing that fails is told beside findings, and does not take their exit code", async () => {
  const { ended, said } = await closeBadly(4);
  expect(await ended).toBe(4);
  expect(await said).toMatch(/closing the archive failed.*\n.*checkpoints.* \(STORAGE_UNAVAILABLE\)\n$/);
});

test("a closing that fails is an error where all else went well", async () => {
  const { ended } = await closeBadly(0);
  await expect(ended).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
});
