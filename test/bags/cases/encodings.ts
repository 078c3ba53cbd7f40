import { type BagCase, invalid, remarked, valid } from "../bag-case.ts";
import { type BagOptions, bag, bagWithManifest, line, withFiles } from "../bag-files.ts";

const PAYLOAD = { "data/Núñez.txt": "1" };
const BIG_ENDIAN = (text: string) => Buffer.from(text, "utf16le").swap16();
const ENCODINGS: readonly NonNullable<BagOptions["encoding"]>[] = [
  { name: "utf-8", encode: (text) => Buffer.from(text) },
  { name: "UTF-16BE", encode: BIG_ENDIAN },
  { name: "UTF-16LE", encode: (text) => Buffer.from(text, "utf16le") },
  { name: "UTF-16", encode: (text) => Buffer.from(`\uFEFF${text}`, "utf16le") },
  { name: "UTF-16", encode: BIG_ENDIAN },
  { name: "ISO-8859-1", encode: (text) => Buffer.from(text, "latin1") },
];
const UNLIKE = { unlikeCoreutils: "they read UTF-8 alone" };
const MARKED = `\uFEFF${line("sha512", "1", "data/a.txt")}`;

/** Encodings of tag files, and checksum algorithms. */
export const ENCODING_CASES: readonly BagCase[] = [
  ...ENCODINGS.map((encoding, at) => {
    const body = {
      files: bag({ version: "0.97", payload: PAYLOAD, tags: { "bag-info.txt": "Contact-Name: Núñez\n" }, encoding }),
    };
    return valid("2.3", `tag files in ${encoding.name}, variant ${at}`, at === 0 ? body : { ...body, ...UNLIKE });
  }),
  invalid("2.3", "a tag file in another encoding than bagit.txt says", {
    files: bag({
      tags: { "bag-info.txt": "" },
      encoding: { name: "UTF-8", encode: (text) => Buffer.from(text || "Name: Núñez\n", "latin1") },
    }),
    kinds: ["not-conforming"],
    ...UNLIKE,
  }),
  invalid("2.3", "a byte order mark before UTF-8", {
    files: bagWithManifest(MARKED, { payload: { "data/a.txt": "1" } }),
    kinds: ["not-conforming"],
    ...UNLIKE,
  }),
  remarked("2.3", "a byte order mark before UTF-8 in 0.97", {
    files: bagWithManifest(MARKED, { version: "0.97", payload: { "data/a.txt": "1" } }),
    remark: /byte order mark/,
    ...UNLIKE,
  }),
  ...["sha224", "sha256", "sha384", "sha512"].map((name) =>
    valid("2.4", `checksums of ${name}`, { files: bag({ algorithms: [name], tagAlgorithms: [name] }) }),
  ),
  ...["md5", "sha1"].map((name) =>
    remarked("2.4", `checksums of ${name}`, {
      files: bag({ algorithms: [name], tagAlgorithms: [name] }),
      remark: /not forgery/,
    }),
  ),
  invalid("2.4", "checksums of an algorithm that is not known here", {
    files: bag({ algorithms: ["sha512", "sha3-256"], tagAlgorithms: [] }),
    kinds: ["checksum-unverifiable", "not-conforming"],
  }),
  invalid("2.4", "checksums of nothing but an algorithm that is not known here", {
    files: withFiles(bag({ algorithms: [], tagAlgorithms: [] }), {
      "manifest-blake2b512.txt": ["data/call.txt", "data/2024/reply.txt"].map((path) => `00ff  ${path}\n`).join(""),
    }),
    kinds: ["checksum-unverifiable"],
    unlikeCoreutils: "there is nothing for them to read",
  }),
  invalid("2.4", "an algorithm in upper case", {
    files: withFiles(bag({ algorithms: [], tagAlgorithms: [] }), {
      "manifest-SHA-512.txt": bag().get("manifest-sha512.txt") ?? "",
    }),
    kinds: ["not-conforming"],
    unlikeCoreutils: "there is nothing for them to read",
  }),
];
