import { symlink } from "node:fs/promises";
import { type BagCase, invalid, remarked, valid } from "../bag-case.ts";
import { bag, withFiles, withoutFiles } from "../bag-files.ts";

const OPEN = bag({ tagAlgorithms: [] });
const OPEN_097 = bag({ version: "0.97", tagAlgorithms: [] });

function declared(text: string | Buffer, files = OPEN) {
  return { files: withFiles(files, { "bagit.txt": text }) };
}

/** The bag declaration. */
export const DECLARATION_CASES: readonly BagCase[] = [
  valid("2.1.1", "a bag declaration", { files: bag() }),
  valid(
    "2.1.1",
    "a bag declaration with CRLF",
    declared("BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n"),
  ),
  valid("2.1.1", "a bag declaration with CR", declared("BagIt-Version: 1.0\rTag-File-Character-Encoding: UTF-8\r")),
  invalid("2.1.1", "no bag declaration", { files: withoutFiles(OPEN, "bagit.txt"), kinds: ["not-conforming"] }),
  invalid("2.1.1", "an empty bag declaration", { ...declared(""), kinds: ["not-conforming"] }),
  invalid("2.1.1", "a byte order mark in bagit.txt", {
    ...declared("\uFEFFBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
    kinds: ["not-conforming"],
  }),
  invalid("2.1.1", "a bag declaration in UTF-16", {
    ...declared(Buffer.from("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "utf16le")),
    kinds: ["not-conforming"],
  }),
  invalid("2.1.1", "no encoding", { ...declared("BagIt-Version: 1.0\n"), kinds: ["not-conforming"] }),
  invalid("2.1.1", "no version", { ...declared("Tag-File-Character-Encoding: UTF-8\n"), kinds: ["not-conforming"] }),
  invalid("2.1.1", "the lines in the wrong order", {
    ...declared("Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n"),
    kinds: ["not-conforming"],
  }),
  invalid("2.1.1", "a version without a major number", {
    ...declared("BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n"),
    kinds: ["not-conforming"],
  }),
  invalid("2.1.1", "a version that was never published", {
    ...declared("BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n"),
    kinds: ["not-conforming"],
  }),
  invalid("2.1.1", "white space before a colon", {
    ...declared("BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n"),
    kinds: ["not-conforming"],
  }),
  invalid("2.1.1", "white space before a colon in 0.97", {
    ...declared("BagIt-Version : 0.97\nTag-File-Character-Encoding: UTF-8\n", OPEN_097),
    kinds: ["not-conforming"],
  }),
  invalid("2.1.1", "two spaces behind a colon", {
    ...declared("BagIt-Version:  1.0\nTag-File-Character-Encoding: UTF-8\n"),
    kinds: ["not-conforming"],
  }),
  remarked("2.1.1", "two spaces behind a colon in 0.97", {
    ...declared("BagIt-Version:  0.97\nTag-File-Character-Encoding: UTF-8\n", OPEN_097),
    remark: /one space/,
  }),
  remarked("2.1.1", "a label in another case", {
    ...declared("BagIt-version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
    remark: /another case/,
  }),
  invalid("2.1.1", "three lines", {
    ...declared("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nNote: more\n"),
    kinds: ["not-conforming"],
  }),
  remarked("2.1.1", "three lines in 0.97", {
    ...declared("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n\n", OPEN_097),
    remark: /more than two lines/,
  }),
  invalid("2.1.1", "an encoding that nobody knows", {
    ...declared("BagIt-Version: 1.0\nTag-File-Character-Encoding: KLINGON-8\n"),
    kinds: ["not-conforming"],
  }),
  invalid("2.1.1", "a bag declaration that is a symbolic link", {
    files: withoutFiles(OPEN, "bagit.txt"),
    arrange: (folder) => symlink("/etc/hostname", `${folder}/bagit.txt`),
    kinds: ["manifest-invalid"],
    unlikeCoreutils: "they follow the link",
  }),
];
