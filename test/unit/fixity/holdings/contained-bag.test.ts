import { appendFile, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { identify } from "../../../../src/audio/identify.ts";
import type { Unit } from "../../../../src/fixity/holding.ts";
import { openBagHolding } from "../../../../src/fixity/holdings/bag-holding.ts";
import { openContainedBagFiles } from "../../../../src/fixity/holdings/contained-bag-files.ts";
import { detectHolding } from "../../../../src/fixity/holdings/detect-holding.ts";
import { inspectUnits, toOutcome } from "../../../../src/fixity/unit-inspection.ts";
import { lookAtFile } from "../../../../src/io/look-at-file.ts";
import { bag, withFiles, withoutFiles } from "../../../bags/bag-files.ts";
import { judgeBag, judgeHolding } from "../../../bags/judge-bag.ts";
import { writeBag } from "../../../bags/write-bag.ts";
import { makeWav } from "../../../helpers/make-wav.ts";
import { packTo } from "../../../helpers/pack-to.ts";

const FORMS = ["zip", "tar"] as const;

/** What is read in more than one piece. */
const LARGE = {
  "data/large.txt": "0123456789abc".repeat(20_000).slice(0, 200_000),
  "data/small.txt": "good morning\n",
};

/** Makes a container with a good bag in it, but for what is said otherwise. */
async function makeContainer(form: string, files = bag()): Promise<string> {
  const folder = await writeBag({ files });
  return packTo(join(dirname(folder), `o.${form}`), folder);
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.indexOf(from);
  expect(at).toBeGreaterThan(0);
  await writeFile(path, Buffer.concat([bytes.subarray(0, at), Buffer.from(to), bytes.subarray(at + from.length)]));
}

describe.each(FORMS)("a bag in a %s file", (form) => {
  it("is known for what it is, and verified where it lies, also through a link", async () => {
    const path = await makeContainer(
      form,
      bag({ tags: { "bag-info.txt": "Payload-Oxum: 200013.2\n" }, payload: LARGE }),
    );
    expect(await detectHolding(path)).toEqual({ kind: "bag", path });
    expect(await judgeBag(path)).toEqual({ findings: [], remarks: [], files: 5 });
    expect(await judgeBag(path, "presence")).toMatchObject({ findings: [], files: 5 });
    await symlink(path, `${path}-link`);
    expect(await judgeBag(`${path}-link`)).toMatchObject({ findings: [], files: 5 });
  });

  it("names the file that changed, the one that is gone, the one too many and the one that moved", async () => {
    const changed = await makeContainer(form);
    await edit(changed, "good morning", "good mourning".slice(0, 12));
    expect((await judgeBag(changed)).findings).toMatchObject([
      { kind: "digest-mismatch", subject: `${changed}/data/call.txt` },
    ]);
    const other = await makeContainer(
      form,
      withFiles(withoutFiles(bag(), "data/call.txt", "data/2024/reply.txt"), {
        "data/more.txt": "more",
        "data/moved.txt": "good morning\n",
      }),
    );
    expect((await judgeBag(other)).findings.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toMatchObject([
      { kind: "missing", subject: `${other}/data/2024/reply.txt` },
      { kind: "moved", subject: `${other}/data/call.txt`, detail: { foundAt: `${other}/data/moved.txt` } },
      { kind: "unexpected", subject: `${other}/data/more.txt` },
    ]);
  });

  it("is found unreadable when it was cut short", async () => {
    const path = await makeContainer(form);
    await truncate(path, 1200);
    expect(await detectHolding(path)).toEqual({ kind: "bag", path });
    const verdict = await judgeBag(path);
    expect(verdict.findings).toMatchObject([
      { kind: "unreadable", subject: path, message: expect.stringContaining("nothing that is in it was verified") },
    ]);
    expect(verdict.files).toBe(0);
  });

  it("is told to have changed when it is written to after it was opened", async () => {
    const path = await makeContainer(form);
    const holding = await openBagHolding(path);
    await appendFile(path, "x");
    const { findings } = await judgeHolding(holding, "digest");
    expect(findings).toMatchObject([
      { kind: "unreadable", subject: path, message: expect.stringContaining("changed") },
    ]);
  });

  it("gives unreadable files when it is cut short after it was opened", async () => {
    const path = await makeContainer(form);
    const holding = await openBagHolding(path);
    await truncate(path, 300);
    const { findings } = await judgeHolding(holding, "presence");
    expect(findings.filter(({ message }) => message.includes("ends before it does")).length).toBeGreaterThan(0);
  });

  it("gives the bytes of its files, and of no others", async () => {
    const files = await openContainedBagFiles(await makeContainer(form));
    const chunks: Buffer[] = [];
    for await (const chunk of files.chunks("data/call.txt")) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).toString()).toBe("good morning\n");
    expect(Buffer.from((await files.read("data/2024/reply.txt")) ?? []).toString()).toBe("good evening\n");
    await expect(files.read("data/none")).rejects.toMatchObject({ code: "STORAGE_NOT_FOUND" });
    expect([...files.regular].sort()).toEqual([
      "bagit.txt",
      "data/2024/reply.txt",
      "data/call.txt",
      "manifest-sha512.txt",
      "tagmanifest-sha512.txt",
    ]);
  });
});

it("at level deep a recording in a container is a failure of its own, and other files are not", async () => {
  const wav = makeWav([Array.from({ length: 8000 }, (_, index) => index % 90)]);
  const files = withFiles(bag(), { "data/call.wav": wav });
  const path = await makeContainer("tar", files);
  const { tryLocate } = await openContainedBagFiles(path);
  const toUnit = (name: string): Unit => {
    const file = { path: `${path}/${name}`, within: tryLocate(name), sizeBytes: undefined, digests: [] };
    return { subject: file.path, files: [{ ...file, isUnrecorded: true }] };
  };
  const units = ["data/call.wav", "data/call.txt"].map(toUnit);
  const looker = {
    look: async () => [await lookWithIdentity("data/call.wav"), await lookWithIdentity("data/call.txt")],
  };
  async function lookWithIdentity(name: string) {
    const span = tryLocate(name);
    const sight = lookAtFile(path, undefined, span);
    if (sight.kind !== "regular") throw new Error("not there");
    const bytes = (await readFile(path)).subarray(span?.startByte, span?.endByte);
    const chunks = (async function* () {
      yield bytes;
    })();
    return { ...sight, digests: [""], identity: await identify(chunks) };
  }
  const decode = async (requests: readonly unknown[]) => {
    expect(requests).toEqual([]);
    return [];
  };
  const verdicts = await inspectUnits({}, units, { level: "deep", looker, decode });
  expect(verdicts.map(({ files: [file] }) => file?.undone?.code)).toEqual(["MEDIA_UNSUPPORTED", undefined]);
  const [first] = verdicts;
  expect(first && toOutcome(first, { level: "deep", checkedAtMs: 0 }).level).toBe("structure");
});
