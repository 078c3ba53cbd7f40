import { describe, expect, it } from "vitest";
import { parseBagInfo } from "../../../src/bag/bag-info.ts";
import { BagNotes } from "../../../src/bag/bag-notes.ts";
import { parseDeclaration } from "../../../src/bag/declaration.ts";
import { parseFetchList } from "../../../src/bag/fetch-list.ts";
import { parseManifest } from "../../../src/bag/manifest.ts";
import { tryParseManifestName } from "../../../src/bag/manifest-name.ts";
import { toPayloadOxums } from "../../../src/bag/payload-oxum.ts";
import { tagFileOf } from "./tag-file-of.ts";

const MD5 = "0123456789abcdef0123456789abcdef";

describe("parseManifest", () => {
  it("gives checksums in lower case and paths as they are written", () => {
    const text = `${MD5.toUpperCase()}\t data/a b.txt\r\n${MD5} *data/%0A.txt\r\\${MD5}  data/a\\\\b\\n.txt\n`;
    expect(parseManifest(text, "md5", tagFileOf("manifest-md5.txt"))).toEqual([
      { hex: MD5, path: "data/a b.txt" },
      { hex: MD5, path: "data/%0A.txt" },
      { hex: MD5, path: "data/a\\b\n.txt" },
    ]);
  });

  it("keeps white space at the end of a name, and line separators of Unicode in it", () => {
    expect(parseManifest(`${MD5}  data/a \u2028b \n`, "md5", tagFileOf("manifest-md5.txt"))).toEqual([
      { hex: MD5, path: "data/a \u2028b " },
    ]);
  });

  it("leaves out lines that it cannot read, and notes the first of them", () => {
    const file = tagFileOf("manifest-sha1.txt");
    expect(parseManifest(`${MD5}  data/a\nzz  data/b\n# none\n${MD5}\n\n`, "sha1", file)).toEqual([]);
    expect(file.notes.toNotes()).toEqual([
      {
        grade: "manifest-invalid",
        subject: "manifest-sha1.txt",
        message: "lines are not a checksum and a path: line 1, line 2, line 3 and 1 more",
      },
      { grade: "remark", subject: "manifest-sha1.txt", message: "it has empty lines" },
    ]);
  });
});

describe("parseDeclaration", () => {
  it("gives version and encoding", () => {
    const notes = new BagNotes();
    const bytes = Buffer.from("BagIt-Version: 0.96\nTag-File-Character-Encoding: utf-16le\n");
    const { version, encoding } = parseDeclaration(bytes, notes);
    expect([version, encoding.name, encoding.family]).toEqual(["0.96", "utf-16le", "utf-16"]);
    expect(notes.toNotes()).toEqual([]);
  });

  it("assumes 1.0 and UTF-8 where it is not told, and says so", () => {
    const notes = new BagNotes();
    const { version, encoding } = parseDeclaration(Buffer.from("BagIt-Version: 1.1\n"), notes);
    expect([version, encoding.name]).toEqual(["1.0", "UTF-8"]);
    expect(notes.toNotes().map(({ grade }) => grade)).toEqual(["not-conforming", "not-conforming"]);
  });
});

describe("parseBagInfo", () => {
  it("keeps order and repetition, and joins long values", () => {
    const text = "B: one\n  two\n\tthree\nA:x: y\r\nB: four\n";
    expect(parseBagInfo(text, tagFileOf("bag-info.txt", "0.97"))).toEqual([
      { label: "B", value: "one\ntwo\nthree" },
      { label: "A", value: "x: y" },
      { label: "B", value: "four" },
    ]);
  });

  it("finds the Payload-Oxum whatever the case of its label, with counts of any size", () => {
    const elements = [{ label: "PAYLOAD-oxum", value: "18446744073709551617.3" }];
    expect(toPayloadOxums(elements, tagFileOf("bag-info.txt"))).toEqual([
      { octets: 18446744073709551617n, streams: 3n },
    ]);
  });
});

describe("parseFetchList", () => {
  it("gives paths alone, and no address in what it notes", () => {
    const file = tagFileOf("fetch.txt");
    const text = "https://a.example/x?token=secret 12 data/a b.txt\nsecret/relative\t-\tdata/b\nsecret data/c\n";
    expect(parseFetchList(text, file)).toEqual(["data/a b.txt", "data/b"]);
    expect(JSON.stringify(file.notes.toNotes())).not.toContain("secret");
    expect(file.notes.toNotes()).toHaveLength(2);
  });
});

describe("tryParseManifestName", () => {
  it.each([
    ["manifest-sha512.txt", { lists: "payload", algorithm: "sha512", isNormal: true }],
    ["tagmanifest-md5.txt", { lists: "tags", algorithm: "md5", isNormal: true }],
    ["manifest-SHA-256.txt", { lists: "payload", algorithm: "sha256", isNormal: false }],
    ["manifest-blake2b512.txt", { lists: "payload", algorithm: undefined, isNormal: true }],
  ])("reads %s", (name, expected) => {
    expect(tryParseManifestName(name)).toMatchObject(expected);
  });

  it.each(["manifest.txt", "manifest-.txt", "manifest-md5.txt.bak", "my-manifest-md5.txt"])(
    "takes %s for none",
    (name) => {
      expect(tryParseManifestName(name)).toBeUndefined();
    },
  );
});
