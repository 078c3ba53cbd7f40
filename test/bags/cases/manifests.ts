import { symlink } from "node:fs/promises";
import { type BagCase, invalid, remarked, valid } from "../bag-case.ts";
import { bag, bagWithManifest, line, PAYLOAD, withFiles, withoutFiles } from "../bag-files.ts";

const ONE = { payload: { "data/call.txt": "good morning\n" } };
const LINE = line("sha512", "good morning\n", "data/call.txt");
const OLD = { ...ONE, version: "0.97" };

/** Payload manifests. */
export const MANIFEST_CASES: readonly BagCase[] = [
  invalid("2.1.3", "no payload manifest", {
    files: withoutFiles(bag({ tagAlgorithms: [] }), "manifest-sha512.txt"),
    kinds: ["not-conforming", "unexpected"],
    unlikeCoreutils: "there is nothing for them to read",
  }),
  valid("2.1.3", "checksums in upper case", {
    files: bagWithManifest(
      LINE.replace(/^\w+/, (hex) => hex.toUpperCase()),
      ONE,
    ),
  }),
  valid("2.1.3", "tabs between checksum and path", {
    files: bagWithManifest(LINE.replace("  ", "\t \t"), ONE),
    unlikeCoreutils: "they want two characters there",
  }),
  valid("2.1.3", "one space between checksum and path", {
    files: bagWithManifest(LINE.replace("  ", " "), ONE),
    unlikeCoreutils: "they take it for the form of BSD or none",
  }),
  valid("2.3", "a manifest with CRLF", {
    files: bagWithManifest(LINE.replace("\n", "\r\n"), ONE),
    unlikeCoreutils: "the CR belongs to the name for them",
  }),
  valid("2.3", "a manifest with CR", {
    files: bagWithManifest(LINE.replace("\n", "\r"), ONE),
    unlikeCoreutils: "the CR belongs to the name for them",
  }),
  valid("2.3", "a manifest without the last line end", { files: bagWithManifest(LINE.trimEnd(), ONE) }),
  valid("2.1.3", "names with spaces, signs and letters of all kinds", {
    files: bag({
      payload: { "data/a b (c) [d] 'e' \"f\" & #g.txt": "1", "data/π/Ж/電話.txt": "2", "data/*.txt": "3" },
    }),
  }),
  valid("2.1.3", "a very long path", {
    files: bag({ payload: { [`data/${"deep/".repeat(40)}${"n".repeat(200)}.txt`]: "1" } }),
  }),
  valid("2.1.3", "names with CR, LF and percent signs, encoded", {
    files: bag({
      payload: {
        "data/a\nb.txt": "1",
        "data/a\rb.txt": "2",
        "data/100%.txt": "3",
        "data/a%0Ab.txt": "4",
        "data/%25.txt": "5",
      },
    }),
    unlikeCoreutils: "they do not decode",
  }),
  remarked("2.1.3", "a percent sign that is not encoded", {
    files: bagWithManifest(line("sha512", "1", "data/100%25.txt"), { payload: { "data/100%25.txt": "1" } }),
    remark: /percent-encoding/,
  }),
  valid("2.1.3", "a percent sign in 0.97, which encodes nothing", {
    files: bag({ version: "0.97", payload: { "data/100%25.txt": "1", "data/50%.txt": "2", "data/a%0Ab.txt": "3" } }),
  }),
  remarked("2.1.3", "a line feed encoded in 0.97", {
    files: bagWithManifest(line("sha512", "1", "data/a%0Ab.txt"), {
      version: "0.97",
      payload: { "data/a\nb.txt": "1" },
    }),
    remark: /percent-encoding/,
    unlikeCoreutils: "they do not decode",
  }),
  invalid("2.1.3", "a file that is listed twice", {
    files: bagWithManifest(LINE.repeat(2), ONE),
    kinds: ["not-conforming"],
    unlikeCoreutils: "they verify it twice",
  }),
  remarked("2.1.3", "a file that is listed twice in 0.97", {
    files: bagWithManifest(LINE.repeat(2), OLD),
    remark: /more than once/,
  }),
  invalid("2.1.3", "a file that is listed with two checksums", {
    files: bagWithManifest(`${LINE}${line("sha512", "other", "data/call.txt")}`, OLD),
    kinds: ["digest-mismatch", "manifest-invalid"],
  }),
  invalid("2.1.3", "a line without a path", {
    files: bagWithManifest(`${LINE}abc\n`, ONE),
    kinds: ["manifest-invalid"],
  }),
  invalid("2.1.3", "a checksum that is too short", {
    files: bagWithManifest(LINE.replace(/^\w/, ""), ONE),
    kinds: ["manifest-invalid", "unexpected"],
  }),
  remarked("2.1.3", "empty lines", {
    files: bagWithManifest(`${LINE}\n\n`, ONE),
    remark: /empty lines/,
    unlikeCoreutils: "--strict refuses them",
  }),
  invalid("2.1.3", "a file outside the payload in a payload manifest", {
    files: withFiles(bagWithManifest(`${LINE}${line("sha512", "a note", "note.txt")}`, ONE), { "note.txt": "a note" }),
    kinds: ["not-conforming"],
    unlikeCoreutils: "all places are the same to them",
  }),
  remarked("2.1.3", "a file outside the payload in a payload manifest of 0.97", {
    files: withFiles(bagWithManifest(`${LINE}${line("sha512", "a note", "note.txt")}`, OLD), { "note.txt": "a note" }),
    remark: /outside data/,
  }),
  invalid("2.1.3", "a folder in a manifest", {
    files: bagWithManifest(
      `${line("sha512", PAYLOAD["data/2024/reply.txt"], "data/2024/reply.txt")}${line("sha512", "", "data/2024")}`,
      {
        payload: { "data/2024/reply.txt": PAYLOAD["data/2024/reply.txt"] },
      },
    ),
    kinds: ["missing"],
  }),
  invalid("2.1.3", "a payload manifest that is a symbolic link", {
    files: withoutFiles(bag({ ...ONE, algorithms: ["sha256", "sha512"], tagAlgorithms: [] }), "manifest-sha256.txt"),
    arrange: (folder) => symlink("manifest-sha512.txt", `${folder}/manifest-sha256.txt`),
    kinds: ["manifest-invalid"],
    unlikeCoreutils: "they follow the link",
  }),
  remarked("6.1.3", "the asterisk of md5sum", {
    files: bagWithManifest(LINE.replace("  ", " *"), ONE),
    remark: /asterisk/,
  }),
  remarked("6.1.3", "a name that md5sum escaped", {
    files: bagWithManifest(`\\${line("sha512", "1", "data/a\\\\b.txt")}`, { payload: { "data/a\\b.txt": "1" } }),
    remark: /backslashes/,
  }),
  remarked("6.1.3", "paths that begin with ./", {
    files: bagWithManifest(LINE.replace("data/", "./data/"), ONE),
    remark: /\.\//,
  }),
];
