import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type FileReading, lookAtFile } from "../../../src/io/look-at-file.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const NOBODY = 65534;

/** A reading with a buffer of four bytes that keeps what it is given, and does something after the first chunk. */
function openReading(afterFirst: () => void = () => {}) {
  const chunks: string[] = [];
  const announced: number[] = [];
  const reading: FileReading = {
    buffer: Buffer.alloc(4),
    beforeChunk: (chunkBytes) => announced.push(chunkBytes),
    onChunk: (chunk) => {
      if (chunks.push(chunk.toString()) === 1) afterFirst();
    },
  };
  return { chunks, announced, reading };
}

async function makeFile(content = "0123456789"): Promise<string> {
  const path = join(await makeTemporaryFolder(), "file");
  await writeFile(path, content);
  return path;
}

describe("a regular file", () => {
  test("is told by its exact size, inode and time", async () => {
    const path = await makeFile();
    const { ino, mtimeNs } = statSync(path, { bigint: true });
    const trace = { sizeBytes: 10, inode: `${ino}`, modifiedNs: `${mtimeNs}` };
    expect(lookAtFile(path)).toEqual({ kind: "regular", trace });
    expect(lookAtFile(path, openReading().reading)).toEqual({ kind: "regular", trace });
  });

  test("is read to its end, and each chunk announced", async () => {
    const { chunks, announced, reading } = openReading();
    lookAtFile(await makeFile(), reading);
    expect([chunks, announced]).toEqual([
      ["0123", "4567", "89"],
      [4, 4, 2],
    ]);
  });

  test("may be empty", async () => {
    const { chunks, reading } = openReading();
    expect(lookAtFile(await makeFile(""), reading)).toMatchObject({ kind: "regular", trace: { sizeBytes: 0 } });
    expect(chunks).toEqual([]);
  });
});

describe("what is no file of its own is neither followed nor opened", () => {
  test("a symbolic link", async () => {
    const path = await makeFile();
    await symlink(path, `${path}-link`);
    expect(lookAtFile(`${path}-link`, openReading().reading)).toEqual({ kind: "other", what: "symbolic link" });
  });

  test("a folder", async () => {
    expect(lookAtFile(await makeTemporaryFolder(), openReading().reading)).toEqual({ kind: "other", what: "folder" });
  });

  test("a pipe that nobody writes to", async () => {
    const path = join(await makeTemporaryFolder(), "pipe");
    expect(spawnSync("mkfifo", [path]).status).toBe(0);
    expect(lookAtFile(path, openReading().reading)).toEqual({ kind: "other", what: "pipe" });
  });

  test("a socket", async () => {
    const path = join(await makeTemporaryFolder(), "socket");
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await once(server, "listening");
    expect(lookAtFile(path, openReading().reading)).toEqual({ kind: "other", what: "socket" });
  });

  test("a device", () => {
    expect(lookAtFile("/dev/zero", openReading().reading)).toEqual({ kind: "other", what: "device" });
  });
});

describe("nothing is there", () => {
  test.each(["", "-other", "/below", "\0"])("at a file's path and %j", async (end) => {
    const path = await makeFile();
    const seen = lookAtFile(`${path}${end}`, openReading().reading);
    expect(seen.kind).toBe(end === "" ? "regular" : "absent");
  });
});

describe("what cannot be read is told with the system's reason", () => {
  test("a name that no file system takes", async () => {
    const path = join(await makeTemporaryFolder(), "x".repeat(300));
    expect(lookAtFile(path)).toEqual({ kind: "unreadable", reason: "ENAMETOOLONG" });
  });

  test("folders that are links to each other", async () => {
    const folder = await makeTemporaryFolder();
    await symlink("b", join(folder, "a"));
    await symlink("a", join(folder, "b"));
    expect(lookAtFile(join(folder, "a/file"))).toEqual({ kind: "unreadable", reason: "ELOOP" });
  });

  test("a file and a folder without permission", async () => {
    const folder = await makeTemporaryFolder();
    await chmod(folder, 0o755);
    await writeFile(join(folder, "file"), "secret", { mode: 0 });
    await mkdir(join(folder, "closed"), { mode: 0 });
    onTestFinished(() => chmod(join(folder, "closed"), 0o700));
    const look = (name: string) => lookAtFile(join(folder, name), openReading().reading);
    asNobody(() => {
      expect(lookAtFile(join(folder, "file")).kind).toBe("regular");
      expect(look("file")).toEqual({ kind: "unreadable", reason: "EACCES" });
      expect(look("closed/file")).toEqual({ kind: "unreadable", reason: "EACCES" });
    });
  });
});

/** Rights do not bind root. */
function asNobody(task: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    task();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe("a file that changes while it is read is not called read", () => {
  const CHANGED = { kind: "unreadable", reason: "changed while it was read" };

  test.each([
    ["grows", (path: string) => appendFileSync(path, "more")],
    ["is cut", (path: string) => truncateSync(path, 5)],
    ["is written over", (path: string) => writeFileSync(path, "9876543210")],
    [
      "is written over, and its time set back",
      (path: string) => {
        const { atime, mtime } = statSync(path);
        writeFileSync(path, "9876543210");
        utimesSync(path, atime, mtime);
      },
    ],
  ])("when it %s", async (_name, change) => {
    const path = await makeFile();
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    // The system tells times apart by the tick of its clock.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lookAtFile(path, openReading(() => change(path)).reading)).toEqual(CHANGED);
  });

  test("nor one whose size is not that of its bytes", () => {
    const reason = "gives more or fewer bytes than its size says";
    expect(lookAtFile("/proc/self/status", openReading().reading)).toEqual({ kind: "unreadable", reason });
  });
});

test("an error of whoever takes the bytes is no fault of the file, and the file is closed", async () => {
  const path = await makeFile();
  const error = new Error("stop here");
  const look = () =>
    lookAtFile(
      path,
      openReading(() => {
        throw error;
      }).reading,
    );
  expect(look).toThrow(error);
  const open = spawnSync("ls", ["-l", `/proc/${process.pid}/fd`]).stdout.toString();
  expect(open).not.toContain(path);
});
