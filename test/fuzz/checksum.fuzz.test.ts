import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChecksumList } from "../../src/checksum/checksum-list.ts";
import { toGnuLine } from "../../src/checksum/gnu-line.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const SHA256 = createHash("sha256").update("x").digest("hex");

/** Whatever a list of checksums gives a meaning to, among anything else. */
const piece = fc.oneof(
  fc.constantFrom(
    "\\",
    "\n",
    "\r",
    " ",
    "*",
    ") = ",
    "(",
    "#",
    "-",
    "\\n",
    "SHA256 (",
    "\t",
    "\ufeff",
    "\ufffd",
    SHA256,
  ),
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.string({ maxLength: 8 }),
);
const name = fc
  .array(piece, { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join("").replaceAll(/[/\0]/g, "_"))
  .filter((text) => text !== "" && text !== "." && text !== ".." && Buffer.byteLength(text) <= 255);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 12 });

const hasSha256sum = /coreutils\) 9/.test(spawnSync("sha256sum", ["--version"], { encoding: "utf8" }).stdout ?? "");

describe("a list of checksums", () => {
  it("gives back the names that were written", () => {
    fc.assert(
      fc.property(names, (all) => {
        const { files, problems } = parseChecksumList(Buffer.from(all.map((one) => toGnuLine(SHA256, one)).join("")));
        expect(problems).toEqual([]);
        expect(files.map(({ path }) => (path === "./-" ? "-" : path))).toEqual(all);
      }),
    );
  });

  it.skipIf(!hasSha256sum)("is written and read as sha256sum of coreutils 9 does (skipped without it)", async () => {
    const folder = await makeTemporaryFolder();
    await fc.assert(
      fc.asyncProperty(names, async (all) => {
        await rm(join(folder, "in"), { recursive: true, force: true });
        await mkdir(join(folder, "in"));
        for (const one of all) await writeFile(join(folder, "in", one), "x");
        const others = all.filter((one) => one !== "-");
        const written = spawnSync("sha256sum", ["--", ...others], { cwd: join(folder, "in"), input: "" });
        const list = all.map((one) => toGnuLine(SHA256, one)).join("");
        if (others.length === all.length) expect(list).toBe(written.stdout.toString());
        await writeFile(join(folder, "list"), list);
        const checked = spawnSync("sha256sum", ["-c", "--strict", "--quiet", "../list"], {
          cwd: join(folder, "in"),
          input: "",
        });
        expect({ status: checked.status, said: checked.stderr.toString() }).toEqual({ status: 0, said: "" });
        const tagged = spawnSync("sha256sum", ["--tag", "--", ...others], { cwd: join(folder, "in"), input: "" });
        if (others.length > 0) expect(parseChecksumList(tagged.stdout).files.map(({ path }) => path)).toEqual(others);
      }),
      { numRuns: 60 },
    );
  });

  it("never throws, and counts every line at most once, whatever the bytes are", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      name.map((one) => toGnuLine(SHA256, one).slice(0, 80)),
    );
    const heads = fc.constantFrom("", "%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n");
    const bytes = fc.tuple(heads, fc.array(line)).map(([head, lines]) => Buffer.from(head + lines.join("\n")));
    fc.assert(
      fc.property(fc.oneof(bytes, fc.uint8Array()), (all) => {
        const { files, problems } = parseChecksumList(all);
        const lines = Buffer.from(all).toString("latin1").split("\n").length;
        const numbers = [...files, ...problems].map(({ lineNumber }) => lineNumber);
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(lines);
        for (const { path } of files) expect(path).not.toMatch(/^$|\0/);
      }),
    );
  });
});
