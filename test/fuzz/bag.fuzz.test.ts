import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toPlainPath, toReadings, toUnsafeReason } from "../../src/bag/bag-path.ts";
import { BAG_VERSIONS } from "../../src/bag/bag-version.ts";
import { type Bag, readBag } from "../../src/bag/read-bag.ts";
import { bag, withFiles } from "../bags/bag-files.ts";

/** All of the time of this file is shared between the properties; a failure prints its seed, for `{ seed, path }`. */
const TOTAL_MS = process.env["CI"] === "true" ? 20_000 : 2_000;
const PROPERTIES = 4;

function withinTime(): fc.Parameters<unknown> {
  const interruptAfterTimeLimit = TOTAL_MS / PROPERTIES;
  return { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit, markInterruptAsFailure: false, verbose: 1 };
}

/** A hang is what this is for; nothing is measured by it. */
const HANG = { timeout: TOTAL_MS + 60_000 };

const TAG_NAMES = [
  "bagit.txt",
  "bag-info.txt",
  "package-info.txt",
  "fetch.txt",
  "manifest-sha512.txt",
  "tagmanifest-md5.txt",
];

/** Pieces of which tag files are made, in no order that makes sense. */
const piece = fc.oneof(
  fc.constantFrom(
    "BagIt-Version: ",
    "Tag-File-Character-Encoding: ",
    "1.0",
    "0.97",
    "UTF-8",
    "UTF-16",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
  ),
  fc.constantFrom(
    "data/",
    "../",
    "./",
    "/",
    "~",
    "C:",
    "\\",
    "%0A",
    "%25",
    "%",
    "*",
    ":",
    "-",
    "Payload-Oxum: ",
    "https://",
    "12",
    "ab".repeat(64),
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const text = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join("")));
const bytes = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
);
const mutated = fc.dictionary(fc.constantFrom(...TAG_NAMES), bytes, { maxKeys: TAG_NAMES.length });

function read(files: ReadonlyMap<string, Buffer>): Promise<Bag> {
  return readBag({
    regular: new Set(files.keys()),
    other: new Set(["data/link"]),
    hasPayloadFolder: true,
    read: async (name) => files.get(name),
  });
}

/** Any name of a payload file that a file system can hold. */
const name = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .map((one) => `data/${one.replaceAll("\0", "-").replaceAll("/", "_").replaceAll("\\", "_")}`)
  .filter(
    (path) => path === toPlainPath(path) && toUnsafeReason(path) === undefined && Buffer.from(path).toString() === path,
  )
  // White space before a name is taken for what separates it from its checksum, so it is never the first of a path.
  .filter((path) => !/^\s/.test(path));

describe("a bag of any bytes", HANG, () => {
  it("is read without a throw, and no path in it leads out", async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (tags) => {
        const { files, notes, holes } = await read(withFiles(bag(), tags));
        for (const path of [...files.keys(), ...holes]) {
          expect(toUnsafeReason(path)).toBeUndefined();
          expect(path.startsWith("data/link/")).toBe(false);
        }
        expect(notes.every(({ message }) => message.length < 20_000)).toBe(true);
      }),
      withinTime(),
    );
  });

  it("lists each name of its payload, whatever it is, in every version", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { maxLength: 8 }),
        fc.constantFrom(...BAG_VERSIONS),
        async (names, version) => {
          // The drafts cannot spell a line end in a name.
          const spelt = names.filter((one) => version === "1.0" || !/[\r\n]/.test(one));
          const { files, unlisted, notes } = await read(
            bag({ version, payload: Object.fromEntries(spelt.map((one) => [one, one])) }),
          );
          expect([...files.keys()].filter((path) => path.startsWith("data/")).sort()).toEqual([...spelt].sort());
          expect(unlisted).toEqual(["data/link"]);
          expect(notes.filter(({ grade }) => grade !== "remark")).toEqual([]);
        },
      ),
      withinTime(),
    );
  });

  it("has the name that was written among the readings of a path", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "%", "0", "A", "2", "5", "\n", "\r") }), (path) => {
        expect(toReadings(path.replace(/[%\n\r]/g, encodeURIComponent), "1.0")[0]).toBe(path);
        expect(toReadings(path, "0.93")[0]).toBe(path);
      }),
      withinTime(),
    );
  });

  it("takes time in proportion to its length", async () => {
    const times = 200_000;
    for (const hostile of ["a", " ", "\t", "%", "./", "ab ", "\r", "\uFEFF", ":", "data/../", "*"]) {
      const tags = Object.fromEntries(TAG_NAMES.map((tag) => [tag, `a${hostile.repeat(times)}z`]));
      const { notes } = await read(withFiles(bag(), tags));
      expect(notes.length).toBeLessThan(100);
      expect(notes.every(({ message }) => message.length < 2000)).toBe(true);
    }
  });
});
