import { appendFile, copyFile, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Expectation, flipByte, swap } from "./archive-harms.ts";

/** Something that happens to files or to the record beside them, and what a verification must say of it. */
export interface RecordHarm {
  readonly name: string;
  readonly inflict: (folder: string) => unknown;
  readonly atPresence?: Expectation;
  readonly closer: Expectation;
}

/** The files of such a folder, and its records. */
export const [MP3, OPUS, SUMS, SEAL] = ["a.mp3", "sub/b.opus", "SHA256SUMS", "holdfast-seal.json"] as const;
const OTHER = "f".repeat(64);

/** A byte of a file that another is. */
export const FLIPPED: RecordHarm = {
  name: "a byte flipped",
  inflict: (folder) => flipByte(join(folder, MP3), 9000),
  closer: [[`digest-mismatch ${MP3}`], [`damaged ${MP3}`]],
};
const DELETED: RecordHarm = {
  name: "a file deleted",
  inflict: (folder) => rm(join(folder, MP3)),
  atPresence: [[`missing ${MP3}`], [`missing ${MP3}`]],
  closer: [[`missing ${MP3}`], [`missing ${MP3}`]],
};
const LINKED: RecordHarm = {
  name: "a symbolic link in a file's place",
  inflict: async (folder) => {
    await rename(join(folder, MP3), join(dirname(folder), "elsewhere"));
    await symlink(join(dirname(folder), "elsewhere"), join(folder, MP3));
  },
  atPresence: [[`missing ${MP3}`], [`missing ${MP3}`]],
  closer: [[`missing ${MP3}`], [`missing ${MP3}`]],
};
const UNFOLDERED: RecordHarm = {
  name: "a folder gone",
  inflict: (folder) => rm(join(folder, "sub"), { recursive: true }),
  atPresence: [[`missing ${OPUS}`], [`missing ${OPUS}`]],
  closer: [[`missing ${OPUS}`], [`missing ${OPUS}`]],
};
const swapFiles = (folder: string) => swap(join(folder, MP3), join(folder, OPUS));
const SWAPPED: Expectation = [
  [`moved ${MP3}`, `moved ${OPUS}`],
  [`damaged ${MP3}`, `damaged ${OPUS}`],
];
const renameFile = (folder: string) => rename(join(folder, MP3), join(folder, "sub/renamed"));

/** What can happen to a sealed folder. */
export const SEAL_HARMS: readonly RecordHarm[] = [
  FLIPPED,
  DELETED,
  LINKED,
  UNFOLDERED,
  {
    name: "a file cut",
    inflict: (folder) => truncate(join(folder, OPUS), 7000),
    atPresence: [[`size-mismatch ${OPUS}`], [`damaged ${OPUS}`]],
    closer: [[`truncated ${OPUS}`], [`damaged ${OPUS}`]],
  },
  {
    name: "a file grown",
    inflict: (folder) => appendFile(join(folder, OPUS), "more than there was ".repeat(16)),
    atPresence: [[`size-mismatch ${OPUS}`], [`damaged ${OPUS}`]],
    closer: [[`trailing-data ${OPUS}`], [`damaged ${OPUS}`]],
  },
  {
    name: "a file replaced by another recording",
    inflict: (folder) => copyFile(join(folder, OPUS), join(folder, MP3)),
    atPresence: [[`size-mismatch ${MP3}`], [`damaged ${MP3}`]],
    closer: [[`wrong-format ${MP3}`], [`damaged ${MP3}`]],
  },
  {
    name: "a file renamed",
    inflict: renameFile,
    atPresence: [[`missing ${MP3}`, "unexpected sub/renamed"], [`missing ${MP3}`]],
    closer: [[`moved ${MP3}`], [`missing ${MP3}`]],
  },
  {
    name: "two files swapped",
    inflict: swapFiles,
    atPresence: [
      [`size-mismatch ${MP3}`, `size-mismatch ${OPUS}`],
      [`damaged ${MP3}`, `damaged ${OPUS}`],
    ],
    closer: SWAPPED,
  },
  {
    name: "a file added",
    inflict: (folder) => writeFile(join(folder, "new"), "x"),
    atPresence: [["unexpected new"], []],
    closer: [["unexpected new"], []],
  },
  {
    // It is not the list that was sealed, it says otherwise than the seal, and the file cannot fit both.
    name: "a digest changed in the list",
    inflict: (folder) => change(join(folder, SUMS), (text) => text.replace(/^[0-9a-f]{64}/, OTHER)),
    atPresence: [[`manifest-invalid ${SUMS}`, `manifest-invalid ${SUMS}`], []],
    closer: [[`manifest-invalid ${SUMS}`, `manifest-invalid ${SUMS}`, `digest-mismatch ${MP3}`], [`damaged ${MP3}`]],
  },
  {
    name: "a digest changed in the list, and a copy of the file added: it has not moved",
    inflict: async (folder) => {
      await change(join(folder, SUMS), (text) => text.replace(/^[0-9a-f]{64}/, OTHER));
      await copyFile(join(folder, MP3), join(folder, "copy"));
    },
    atPresence: [[`manifest-invalid ${SUMS}`, `manifest-invalid ${SUMS}`, "unexpected copy"], []],
    closer: [
      [`manifest-invalid ${SUMS}`, `manifest-invalid ${SUMS}`, `digest-mismatch ${MP3}`, "unexpected copy"],
      [`damaged ${MP3}`],
    ],
  },
  {
    name: "a line deleted from the list",
    inflict: (folder) => change(join(folder, SUMS), (text) => text.replace(/^.*\n/, "")),
    atPresence: [[`manifest-invalid ${SUMS}`, `manifest-invalid ${SUMS}`], []],
    closer: [[`manifest-invalid ${SUMS}`, `manifest-invalid ${SUMS}`], []],
  },
  {
    name: "the list deleted",
    inflict: (folder) => rm(join(folder, SUMS)),
    atPresence: [[`missing ${SUMS}`], []],
    closer: [[`missing ${SUMS}`], []],
  },
  {
    name: "the list's digest changed in the seal",
    inflict: (folder) => change(join(folder, SEAL), (text) => text.replace(/(?<="sha256":")[0-9a-f]{64}/, OTHER)),
    atPresence: [[`manifest-invalid ${SUMS}`], []],
    closer: [[`manifest-invalid ${SUMS}`], []],
  },
  {
    name: "a file's digest changed in the seal",
    inflict: (folder) =>
      change(join(folder, SEAL), (text) => text.replace(/(?<="a.mp3".*"sha256":")[0-9a-f]{64}/, OTHER)),
    atPresence: [[`manifest-invalid ${SUMS}`], []],
    closer: [[`manifest-invalid ${SUMS}`, `digest-mismatch ${MP3}`], [`damaged ${MP3}`]],
  },
  {
    name: "a size changed in the seal",
    inflict: (folder) => change(join(folder, SEAL), (text) => text.replace(/(?<="sizeBytes":)\d+/, "7")),
    atPresence: [[`size-mismatch ${MP3}`], [`damaged ${MP3}`]],
    closer: [[`size-mismatch ${MP3}`], [`damaged ${MP3}`]],
  },
  {
    name: "the seal cut",
    inflict: (folder) => truncate(join(folder, SEAL), 100),
    atPresence: [[`manifest-invalid ${SEAL}`], []],
    closer: [[`manifest-invalid ${SEAL}`], []],
  },
];

/** Of the bare list nobody but its lines speaks: not of sizes, and not of what else stands there. */
export const LIST_HARMS: readonly RecordHarm[] = [
  FLIPPED,
  DELETED,
  LINKED,
  UNFOLDERED,
  {
    name: "a file cut",
    inflict: (folder) => truncate(join(folder, OPUS), 7000),
    closer: [[`digest-mismatch ${OPUS}`], [`damaged ${OPUS}`]],
  },
  { name: "a file renamed", inflict: renameFile, atPresence: DELETED.closer, closer: DELETED.closer },
  { name: "two files swapped", inflict: swapFiles, closer: SWAPPED },
  {
    name: "a digest changed in the list",
    inflict: (folder) => change(join(folder, SUMS), (text) => text.replace(/^[0-9a-f]{64}/, OTHER)),
    closer: [[`digest-mismatch ${MP3}`], [`damaged ${MP3}`]],
  },
  {
    name: "a line of the list spoilt",
    inflict: (folder) => change(join(folder, SUMS), (text) => text.replace(/^[0-9a-f]{64}/, "spoilt")),
    atPresence: [[`manifest-invalid ${SUMS}`], []],
    closer: [[`manifest-invalid ${SUMS}`], []],
  },
];

async function change(path: string, alter: (text: string) => string): Promise<void> {
  await writeFile(path, alter(await readFile(path, "utf8")));
}
