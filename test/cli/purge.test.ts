import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDeletingVendor } from "../helpers/deleting-vendor.ts";
import { makeWav, tone } from "../helpers/make-wav.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

/** Gives ssh-keygen's exit code for a signature under a text, or undefined where there is no ssh-keygen. */
function verifyByOpenSsh(text: string, args: readonly string[]): Promise<unknown> {
  return new Promise((resolve) => {
    const child = execFile("ssh-keygen", ["-Y", "verify", "-n", "holdfast-receipt", ...args], (error) =>
      resolve(error === null ? 0 : error.code === "ENOENT" ? undefined : error.code),
    );
    child.stdin?.on("error", () => undefined).end(text);
  });
}

test("a dry run by default, a deletion with --apply, and a receipt that ssh-keygen accepts", async ({ skip }) => {
  const cwd = await makeTemporaryFolder();
  const bytes = makeWav([tone(2000, 440)]);
  const archive = await openTestArchive(cwd);
  await storeRecording(archive, "rec_1", bytes);
  await archive.close();
  const vendor = await openDeletingVendor([{ id: "rec_1", sizeBytes: bytes.length }]);
  const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "the-secret-key" };
  const purge = (...args: readonly string[]) => runHoldfast(["purge", ...args], { cwd, env });

  expect((await purge("--copies", "1", "--apply")).code).toBe(5);
  await runHoldfast(["verify", "--level", "structure"], { cwd });
  const alone = await purge("--apply");
  expect([alone.code, alone.stdout]).toEqual([5, expect.stringContaining("name another copy with --copy PLACE")]);
  const dry = await purge("--copies", "1");
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining("dry run: nothing was deleted")]);
  expect([...vendor.left]).toEqual(["rec_1"]);

  const applied = await purge("--copies", "1", "--apply", "--json");
  const report = JSON.parse(applied.stdout);
  expect([applied.code, report.results[0].status, vendor.left.size]).toEqual([0, "deleted", 0]);
  expect(applied.stdout + applied.stderr).not.toContain(env.AUDIAN_API_KEY);
  const { path, signature, allowedSigners } = report.receipt;
  const text = await readFile(join(cwd, path), "utf8");
  const args = ["-I", "ada@lovelace", "-f", join(cwd, allowedSigners), "-s", join(cwd, signature)];
  const accepted = await verifyByOpenSsh(text, args);
  if (accepted === undefined) return skip("there is no ssh-keygen here");
  expect(accepted).toBe(0);
  expect(await verifyByOpenSsh(text.replace('"deleted"', '"held"'), args)).not.toBe(0);
});

test("what cannot be meant is refused before anything is asked", async () => {
  const cwd = await makeTemporaryFolder();
  await (await openTestArchive(cwd)).close();
  const env = { AUDIAN_BASE_URL: "http://127.0.0.1:9/v2", AUDIAN_API_KEY: "key" };
  const codes: [string, number | null, string][] = [];
  for (const args of [
    ["--apply", "--dry-run"],
    ["--recording", "rec_1", "--since", "2024-01-01"],
    ["--copies", "0"],
    ["--recording", "rec_1", "--copy", "archive"],
    ["--recording", "rec_1", "--dialect", "account", "--account-id", "a"],
  ]) {
    const { code, stderr } = await runHoldfast(["purge", ...args], { cwd, env });
    codes.push([args.join(" "), code, /\(([A-Z_]+)\)/.exec(stderr)?.[1] ?? stderr]);
  }
  expect(codes.map(([, code, word]) => [code, word])).toEqual([
    [2, "USAGE"],
    [2, "USAGE"],
    [2, "USAGE"],
    [2, "CONFIG_INVALID"],
    [1, "VENDOR_UNSUPPORTED"],
  ]);
});
