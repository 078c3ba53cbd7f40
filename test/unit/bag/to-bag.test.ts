import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBagInfo } from "../../../src/bag/bag-info.ts";
import { type BagSource, readBag } from "../../../src/bag/read-bag.ts";
import { toBagInfoText } from "../../../src/bag/to-bag-info.ts";
import { toDeclarationText } from "../../../src/bag/to-declaration.ts";
import { toManifestLine } from "../../../src/bag/to-manifest-line.ts";
import { toPayloadOxumText } from "../../../src/bag/to-payload-oxum.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { tagFileOf } from "./tag-file-of.ts";

const HEX = "0".repeat(64);

/** Any text of one line or more, with what separates lines, labels and paths more often than chance has it. */
const text = fc
  .array(fc.oneof(fc.constantFrom("\r", "\n", "\r\n", "\u2028", "\u0085", "%", "%0A", ":", " ", "\t"), fc.string()))
  .map((pieces) => pieces.join(""));

const name = text.map((part) => part.replaceAll(/[/\0]|^\.\.?$/g, "-")).filter((part) => part !== "");

test("what was written is read back without a remark, whatever paths and values hold", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { minLength: 1 }), text, async (names, value) => {
      const paths = names.map((part) => `data/${part}`);
      const info = [
        { label: "Source-Organization", value },
        { label: "Payload-Oxum", value: toPayloadOxumText({ octets: 7, streams: paths.length }) },
      ];
      const bag = await readBag(sourceOf(paths, info));
      expect(bag.notes).toEqual([]);
      expect([...bag.files.keys()].filter((path) => path.startsWith("data/"))).toEqual(paths);
      expect(bag.unlisted).toEqual([]);
      expect(bag.oxums).toEqual([{ octets: 7n, streams: BigInt(paths.length) }]);
    }),
  );
});

function sourceOf(paths: readonly string[], info: Parameters<typeof toBagInfoText>[0]): BagSource {
  const tags = new Map([
    ["bagit.txt", toDeclarationText()],
    ["bag-info.txt", toBagInfoText(info)],
    ["manifest-sha256.txt", paths.map((path) => toManifestLine(HEX, path)).join("")],
  ]);
  tags.set("tagmanifest-sha256.txt", [...tags.keys()].map((path) => toManifestLine(HEX, path)).join(""));
  return {
    hasPayloadFolder: true,
    regular: new Set([...paths, ...tags.keys()]),
    other: new Set(),
    read: async (path) => Buffer.from(tags.get(path) ?? ""),
  };
}

test("no value can pass for an element, and its lines are kept", () => {
  const forged = "A\r\nPayload-Oxum: 0.0\n\n \u2028\u0085B\u2028Bagging-Date: 1970-01-01\n";
  const written = toBagInfoText([{ label: "External-Identifier", value: forged }]);
  expect(written).toBe("External-Identifier: A\n  Payload-Oxum: 0.0\n  B\n  Bagging-Date: 1970-01-01\n");
  expect(parseBagInfo(written, tagFileOf("bag-info.txt"))).toEqual([
    { label: "External-Identifier", value: "A\nPayload-Oxum: 0.0\nB\nBagging-Date: 1970-01-01" },
  ]);
});

test("of a path CR, LF and the percent sign are encoded, and nothing else", () => {
  expect(toManifestLine("ab", "data/ä %0A\r\n\\*.wav ")).toBe("ab  data/ä %250A%0D%0A\\*.wav \n");
});

test("sha256sum checks a manifest of odd names", async () => {
  const folder = await makeTemporaryFolder();
  const names = [" a ", "*b", "\\c", "d\\n", "é\u202Egpj", "#?&<'\">", "-", "tab\t", "\u2028", "=1+1", "C:x"];
  await mkdir(join(folder, "data"));
  const lines = names.map(async (part) => {
    await writeFile(join(folder, "data", part), part);
    return toManifestLine(createHash("sha256").update(part).digest("hex"), `data/${part}`);
  });
  await writeFile(join(folder, "manifest-sha256.txt"), (await Promise.all(lines)).join(""));
  const check = ["-c", "--strict", "--quiet", "manifest-sha256.txt"];
  expect(execFileSync("sha256sum", check, { cwd: folder, encoding: "utf8" })).toBe("");
});
