import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Stray } from "../../../src/fixity/holding.ts";
import { MoveTracer, type Suspect } from "../../../src/fixity/move-tracer.ts";
import { StorageUnavailableError } from "../../../src/io/errors.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { openTestLooker } from "../../helpers/verify-archive.ts";

const TEXT = "what was recorded";
const HEX = createHash("sha256").update(TEXT).digest("hex");

function makeSuspect(path: string): Suspect {
  const file = { path, sizeBytes: TEXT.length, digests: [{ algorithm: "sha256", hex: HEX }] } as const;
  const finding = { kind: "missing", subject: path, message: "the file is not there", detail: {} } as const;
  return { unit: { subject: path, files: [file] }, index: 0, finding, foundHex: undefined };
}

test.each([
  ["cannot be read", { foundHex: undefined, kind: "unreadable" }],
  ["is there, though with another size", { foundHex: HEX, kind: "size-mismatch" }],
] as const)("what %s has not moved, and a copy of it is unexpected", async (_what, { foundHex, kind }) => {
  const copy = join(await makeTemporaryFolder(), "copy");
  await writeFile(copy, TEXT);
  const looker = openTestLooker();
  onTestFinished(() => looker.close());
  const tracer = new MoveTracer();
  const suspect = makeSuspect(`${copy}.wav`);
  tracer.hold({ ...suspect, foundHex, finding: { ...suspect.finding, kind } });
  const told: string[] = [];
  const onStray = async ({ path }: Stray) => void told.push(path);
  async function* strays(): AsyncGenerator<Stray> {
    yield { path: copy, isRegular: true };
  }
  await tracer.traceAmong(strays(), looker, { onStray, signal: undefined });
  expect(told).toEqual([copy]);
  expect(tracer.suspects).toMatchObject([{ finding: { kind } }]);
});

test("what was seen before a folder that cannot be listed is told of", async () => {
  const folder = await makeTemporaryFolder();
  const [copy, other] = [join(folder, "copy"), join(folder, "other")];
  await writeFile(copy, TEXT);
  await writeFile(other, "something else");
  const looker = openTestLooker();
  onTestFinished(() => looker.close());
  const tracer = new MoveTracer();
  tracer.hold(makeSuspect(join(folder, "gone")));
  const error = new StorageUnavailableError("EACCES");
  async function* strays(): AsyncGenerator<Stray> {
    yield { path: copy, isRegular: true };
    yield { path: other, isRegular: true };
    throw error;
  }
  const told: string[] = [];
  const onStray = async ({ path }: Stray) => void told.push(path);
  await expect(tracer.traceAmong(strays(), looker, { onStray, signal: undefined })).rejects.toBe(error);
  expect(told).toEqual([other]);
  expect(tracer.suspects).toMatchObject([{ finding: { kind: "moved", detail: { foundAt: copy } } }]);
});
