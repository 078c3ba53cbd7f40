import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readdir, readlink, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ThreadedLooker } from "../../../../dist/fixity/look/threaded-looker.js";
import { identify } from "../../../../src/audio/identify.ts";
import { DIGEST_ALGORITHMS } from "../../../../src/core/digest.ts";
import type { LookRequest } from "../../../../src/fixity/look/look.ts";
import { readFileChunks } from "../../../../src/io/read-file.ts";
import { makeTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const FIXTURES = join(import.meta.dirname, "../../../../fixtures/audio/ok");

/** Larger than the threads' buffer, and no multiple of it. */
const LARGE_BYTES = (3 << 20) + 5;

/** So large that no reading of it ever comes to its end here. */
const ENDLESS_BYTES = 2 ** 40;

function openLooker({ readers = 1, maxBytesPerSecond }: { readers?: number; maxBytesPerSecond?: number } = {}) {
  const looker = new ThreadedLooker({ readers, maxBytesPerSecond });
  onTestFinished(() => looker.close());
  return looker;
}

async function makeFile(content: Uint8Array | string): Promise<string> {
  const path = join(await makeTemporaryFolder(), "file");
  await writeFile(path, content);
  return path;
}

async function makeEndlessFile(): Promise<string> {
  const path = await makeFile("");
  await truncate(path, ENDLESS_BYTES);
  return path;
}

/** Waits until a thread of this process has a file open. */
async function untilOpen(path: string): Promise<void> {
  for (;;) {
    const descriptors = await readdir("/proc/self/fd");
    const targets = await Promise.all(descriptors.map((each) => readlink(`/proc/self/fd/${each}`).catch(() => "")));
    if (targets.includes(path)) return;
  }
}

/** Asks a program of coreutils. */
function toDigests(path: string): readonly string[] {
  return DIGEST_ALGORITHMS.map((algorithm) => execFileSync(`${algorithm}sum`, [path]).toString().split(" ")[0] ?? "");
}

test("a part of a file is looked at as if it were a file of its own", async () => {
  const part = Buffer.alloc(LARGE_BYTES, "holdfast");
  const [path, alone] = [
    await makeFile(Buffer.concat([Buffer.from("before"), part, Buffer.from("behind")])),
    await makeFile(part),
  ];
  const toRequest = (startByte: number, endByte: number): LookRequest => {
    return { path: `${path}/part`, within: { path, startByte, endByte }, algorithms: ["sha256"] };
  };
  const end = 6 + LARGE_BYTES;
  const looks = await openLooker().look([
    { path: alone, algorithms: ["sha256"] },
    toRequest(6, end),
    toRequest(6, 6),
    toRequest(6, end + 7),
    { ...toRequest(6, end), algorithms: [] },
  ]);
  const [whole, found, empty, beyond, present] = looks;
  expect(found).toMatchObject({
    digests: whole?.kind === "regular" ? whole.digests : [],
    trace: { sizeBytes: LARGE_BYTES },
  });
  expect(empty).toMatchObject({ digests: [toDigests("/dev/null")[DIGEST_ALGORITHMS.indexOf("sha256")]] });
  expect(beyond).toEqual({ kind: "unreadable", reason: "the file that it lies in ends before it does" });
  expect(present).toMatchObject({ kind: "regular", trace: { sizeBytes: LARGE_BYTES } });
});

describe("what is wanted of a file comes from one reading", () => {
  test.each([
    ["nothing", ""],
    ["a few bytes", "abc"],
    ["as much as the buffer takes", Buffer.alloc(1 << 20, "holdfast")],
    ["more than the buffer takes", Buffer.alloc(LARGE_BYTES, "holdfast")],
  ])("all digests of %s", async (_name, content) => {
    const path = await makeFile(content);
    const [look] = await openLooker().look([{ path, algorithms: DIGEST_ALGORITHMS }]);
    expect(look).toMatchObject({ kind: "regular", trace: { sizeBytes: content.length }, digests: toDigests(path) });
  });

  test.each(readdirSync(FIXTURES))("the identity of %s, and digests in their order", async (name) => {
    const path = join(FIXTURES, name);
    const identity = await identify(readFileChunks(path));
    const [md5 = "", , , , sha384 = ""] = toDigests(path);
    const request: LookRequest = { path, algorithms: ["sha384", "sha256", "md5"], identity: true };
    const [look] = await openLooker().look([request]);
    expect(look).toMatchObject({ kind: "regular", digests: [sha384, identity.sha256, md5], identity });
  });

  test("the identity of bytes that only the file's name explains", async () => {
    const path = join(await makeTemporaryFolder(), "call.g722");
    await writeFile(path, Buffer.alloc(LARGE_BYTES, Buffer.of(0xfa, 0x01, 0x80, 0x7b, 0xd2)));
    const [look] = await openLooker().look([{ path, algorithms: [], identity: true }]);
    expect(look).toMatchObject({ digests: [], identity: { content: { kind: "g722" }, sizeBytes: LARGE_BYTES } });
  });

  test.each([
    ["nothing", "", ""],
    ["a few letters", "\u{feff}grüße", "\u{feff}grüße"],
    ["4 MiB", "ü".repeat(2 << 20), "ü".repeat(2 << 20)],
    ["a byte more, which is not given", `${"ü".repeat(2 << 20)}.`, undefined],
  ])("the text of %s", async (_name, content, text) => {
    const [look] = await openLooker().look([{ path: await makeFile(content), algorithms: [], text: true }]);
    expect(look?.kind === "regular" && look.text === text).toBe(true);
  });

  test("nothing but its trace, for which it is not read", async () => {
    const path = await makeEndlessFile();
    const [look] = await openLooker().look([{ path, algorithms: [] }]);
    expect(look).toMatchObject({ kind: "regular", trace: { sizeBytes: ENDLESS_BYTES }, digests: [] });
  });
});

test("looks come in the order of the requests, whatever they are, from several threads", async () => {
  const looker = openLooker({ readers: 2 });
  const [folder, path] = [await makeTemporaryFolder(), await makeFile("abc")];
  await symlink(path, join(folder, "link"));
  const paths = [path, join(folder, "link"), join(folder, "gone"), folder, join(folder, "x".repeat(300)), path];
  const requests = paths.map((each, index): LookRequest => ({ path: each, algorithms: ["md5"], text: index === 0 }));
  const regular = { kind: "regular", digests: ["900150983cd24fb0d6963f7d28e17f72"] };
  const all = await Promise.all(Array.from({ length: 20 }, () => looker.look(requests)));
  for (const looks of all) {
    expect(looks).toMatchObject([
      { ...regular, text: "abc" },
      { kind: "other", what: "symbolic link" },
      { kind: "absent" },
      { kind: "other", what: "folder" },
      { kind: "unreadable", reason: "ENAMETOOLONG" },
      regular,
    ]);
  }
});

describe("a look ends with the signal and leaves the thread to others", () => {
  /** Only a thread that has let go of what it did can answer. */
  async function expectAnswer(looker: ThreadedLooker): Promise<void> {
    expect(await looker.look([{ path: "/", algorithms: [] }])).toEqual([{ kind: "other", what: "folder" }]);
  }

  test("before it", async () => {
    const looker = openLooker();
    const reason = new Error("enough");
    await expect(looker.look([], AbortSignal.abort(reason))).rejects.toBe(reason);
    await expectAnswer(looker);
  });

  test("in the middle of a file, and in those that wait behind it", async () => {
    const looker = openLooker();
    const stopping = new AbortController();
    const path = await makeEndlessFile();
    const looking = [1, 2].map(() => looker.look([{ path, algorithms: ["sha256"], identity: true }], stopping.signal));
    const outcomes = Promise.allSettled(looking);
    await untilOpen(path);
    const reason = new Error("enough");
    stopping.abort(reason);
    expect(await outcomes).toEqual([1, 2].map(() => ({ status: "rejected", reason })));
    await expectAnswer(looker);
  });

  test("while it is held back", async () => {
    const looker = openLooker({ maxBytesPerSecond: 1 });
    const stopping = new AbortController();
    const path = await makeEndlessFile();
    const looking = looker.look([{ path, algorithms: ["sha256"] }], stopping.signal);
    const outcome = expect(looking).rejects.toThrow("enough");
    await untilOpen(path);
    stopping.abort(new Error("enough"));
    await outcome;
    await expectAnswer(looker);
  });
});

test("what is held back is read all the same", async () => {
  const path = await makeFile(Buffer.alloc(LARGE_BYTES, "holdfast"));
  const looker = openLooker({ readers: 2, maxBytesPerSecond: 100 * LARGE_BYTES });
  const looks = await Promise.all([1, 2, 3].map(() => looker.look([{ path, algorithms: ["sha256"] }])));
  expect(looks.flat()).toMatchObject([1, 2, 3].map(() => ({ digests: [toDigests(path)[3]] })));
});

test("a bug in a thread is thrown, and the thread lives on", async () => {
  const looker = openLooker();
  const request = { path: "/dev/null/x", algorithms: ["sha257"] } as unknown as LookRequest;
  const path = await makeFile("abc");
  await expect(looker.look([{ ...request, path }])).rejects.toThrow(/digest method/i);
  expect(await looker.look([request])).toEqual([{ kind: "absent" }]);
});

test("it can be closed twice, also while it reads", async () => {
  const looker = new ThreadedLooker({ readers: 2, maxBytesPerSecond: undefined });
  const path = await makeEndlessFile();
  const looking = expect(looker.look([{ path, algorithms: ["sha256"] }])).rejects.toThrow();
  await untilOpen(path);
  await looker.close();
  await looker.close();
  await looking;
});
