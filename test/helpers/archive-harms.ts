import { createHash } from "node:crypto";
import { appendFile, copyFile, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { identify } from "../../src/audio/identify.ts";
import type { VerifyLevel } from "../../src/core/verification.ts";
import { readFileChunks } from "../../src/io/read-file.ts";
import { MONTH } from "./harm-rig.ts";

/** Something that happens to an archive, and what a verification must say of it. */
export interface ArchiveHarm {
  readonly name: string;
  readonly inflict: (root: string) => unknown;
  /** What a look at names and sizes shows; nothing unless told. */
  readonly atPresence?: Expectation;
  /** What every closer look shows. */
  readonly closer: Expectation;
  /** What a copy of the archive mends: all, and what is found afterwards; or nothing. */
  readonly healed: readonly string[] | "not at all";
}

/** Findings and files that are not ok, as a verdict names them. */
export type Expectation = readonly [found: readonly string[], unwell: readonly string[]];

const [MP3, OPUS, WAV] = ["15/rec_a.mp3", "15/rec_b.opus", "16/rec_c.wav"] as const;
const SIDECAR = "15/rec_a.json";
const DAY = ["15/rec_a.json", MP3, "15/rec_b.json", OPUS];
const SOUND: Expectation = [[], []];

const at = (root: string, name: string) => join(root, MONTH, name);

/** Alters one bit of a file where it stands. */
export async function flipByte(path: string, offset: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  await writeFile(path, bytes);
}

/** Changes what the catalogue says. */
export function changeRows(root: string, statement: string): void {
  const database = new DatabaseSync(join(root, "catalogue.sqlite"));
  database.exec(statement);
  database.close();
}

/** Replaces a recording's audio, and makes its sidecar and its row in the catalogue say that it was never otherwise. */
export async function replaceByForgery(root: string): Promise<void> {
  await flipByte(at(root, MP3), 9000);
  const { sha256, packetSha256 } = await identify(readFileChunks(at(root, MP3)));
  const text = (await readFile(at(root, SIDECAR), "utf8"))
    .replace(/(?<="sha256": ")[0-9a-f]{64}/, sha256)
    .replace(/(?<="packetSha256": ")[0-9a-f]{64}/, `${packetSha256}`);
  await writeFile(at(root, SIDECAR), text);
  const sidecarSha256 = createHash("sha256").update(text).digest("hex");
  changeRows(
    root,
    `UPDATE files SET sha256 = '${sha256}' WHERE key LIKE '%${MP3}';
     UPDATE files SET sha256 = '${sidecarSha256}' WHERE key LIKE '%${SIDECAR}'`,
  );
}

/** Puts two files in each other's places. */
export async function swap(one: string, other: string): Promise<void> {
  await rename(one, `${other}.aside`);
  await rename(other, one);
  await rename(`${other}.aside`, other);
}

async function replaceByLink(path: string, target: string): Promise<void> {
  await rename(path, target);
  await symlink(target, path);
}

/** What can happen to an archive that stays where it is. */
export const ARCHIVE_HARMS: readonly ArchiveHarm[] = [
  {
    name: "a byte flipped",
    inflict: (root) => flipByte(at(root, MP3), 9000),
    closer: [[`digest-mismatch ${MP3}`], [`damaged ${MP3}`]],
    healed: [],
  },
  {
    name: "a file cut",
    inflict: (root) => truncate(at(root, OPUS), 7000),
    atPresence: [[`size-mismatch ${OPUS}`], [`damaged ${OPUS}`]],
    closer: [[`truncated ${OPUS}`], [`damaged ${OPUS}`]],
    healed: [],
  },
  {
    name: "a file emptied",
    inflict: (root) => truncate(at(root, WAV), 0),
    atPresence: [[`size-mismatch ${WAV}`], [`damaged ${WAV}`]],
    closer: [[`truncated ${WAV}`], [`damaged ${WAV}`]],
    healed: [],
  },
  {
    name: "a file grown",
    inflict: (root) => appendFile(at(root, WAV), "more than there was ".repeat(16)),
    atPresence: [[`size-mismatch ${WAV}`], [`damaged ${WAV}`]],
    closer: [[`trailing-data ${WAV}`], [`damaged ${WAV}`]],
    healed: [],
  },
  {
    name: "a file replaced by another recording",
    inflict: (root) => copyFile(at(root, OPUS), at(root, MP3)),
    atPresence: [[`size-mismatch ${MP3}`], [`damaged ${MP3}`]],
    closer: [[`wrong-format ${MP3}`], [`damaged ${MP3}`]],
    healed: [],
  },
  {
    name: "a file deleted",
    inflict: (root) => rm(at(root, MP3)),
    atPresence: [[`missing ${MP3}`], [`missing ${MP3}`]],
    closer: [[`missing ${MP3}`], [`missing ${MP3}`]],
    healed: [],
  },
  {
    name: "a file renamed within the recordings",
    inflict: (root) => rename(at(root, MP3), at(root, "16/renamed")),
    atPresence: [[`missing ${MP3}`, "unexpected 16/renamed"], [`missing ${MP3}`]],
    closer: [[`moved ${MP3}`], [`missing ${MP3}`]],
    healed: ["unexpected 16/renamed"],
  },
  {
    name: "two files swapped",
    inflict: (root) => swap(at(root, MP3), at(root, WAV)),
    atPresence: [
      [`size-mismatch ${MP3}`, `size-mismatch ${WAV}`],
      [`damaged ${MP3}`, `damaged ${WAV}`],
    ],
    closer: [
      [`moved ${MP3}`, `moved ${WAV}`],
      [`damaged ${MP3}`, `damaged ${WAV}`],
    ],
    healed: [],
  },
  {
    name: "a symbolic link in a file's place",
    inflict: (root) => replaceByLink(at(root, MP3), join(dirname(root), "elsewhere")),
    atPresence: [[`missing ${MP3}`], [`missing ${MP3}`]],
    closer: [[`missing ${MP3}`], [`missing ${MP3}`]],
    healed: [],
  },
  {
    name: "a day's folder gone",
    inflict: (root) => rm(at(root, "15"), { recursive: true }),
    atPresence: [DAY.map((name) => `missing ${name}`), DAY.map((name) => `missing ${name}`)],
    closer: [DAY.map((name) => `missing ${name}`), DAY.map((name) => `missing ${name}`)],
    healed: [],
  },
  {
    name: "a day's folder replaced by a symbolic link to it",
    inflict: (root) => replaceByLink(at(root, "15"), join(dirname(root), "elsewhere")),
    atPresence: [["unexpected 15"], []],
    closer: [["unexpected 15"], []],
    healed: "not at all",
  },
  {
    name: "a sidecar changed",
    inflict: async (root) => {
      const text = await readFile(at(root, SIDECAR), "utf8");
      await writeFile(at(root, SIDECAR), text.replace("call_1", "call_2"));
    },
    closer: [[`digest-mismatch ${SIDECAR}`], [`damaged ${SIDECAR}`]],
    healed: [],
  },
  {
    name: "a byte flipped, and the sidecar to say that only tags changed",
    inflict: async (root) => {
      await flipByte(at(root, MP3), 9000);
      const { packetSha256 } = await identify(readFileChunks(at(root, MP3)));
      const text = await readFile(at(root, SIDECAR), "utf8");
      await writeFile(at(root, SIDECAR), text.replace(/(?<="packetSha256": ")[0-9a-f]{64}/, `${packetSha256}`));
    },
    closer: [
      [`digest-mismatch ${SIDECAR}`, `digest-mismatch ${MP3}`],
      [`damaged ${SIDECAR}`, `damaged ${MP3}`],
    ],
    healed: [],
  },
  {
    name: "a sidecar deleted",
    inflict: (root) => rm(at(root, SIDECAR)),
    atPresence: [[`missing ${SIDECAR}`], [`missing ${SIDECAR}`]],
    closer: [[`missing ${SIDECAR}`], [`missing ${SIDECAR}`]],
    healed: [],
  },
  {
    name: "a digest changed in the catalogue",
    inflict: (root) => changeRows(root, `UPDATE files SET sha256 = '${"0".repeat(64)}' WHERE key LIKE '%${MP3}'`),
    // What stands there is not what the catalogue says, and the sidecar does not say what the catalogue does.
    closer: [[`digest-mismatch ${MP3}`, `digest-mismatch ${MP3}`], [`damaged ${MP3}`]],
    healed: "not at all",
  },
  {
    name: "a size changed in the catalogue",
    inflict: (root) => changeRows(root, `UPDATE files SET size_bytes = 7 WHERE key LIKE '%${MP3}'`),
    atPresence: [[`size-mismatch ${MP3}`], [`damaged ${MP3}`]],
    closer: [[`size-mismatch ${MP3}`], [`damaged ${MP3}`]],
    healed: "not at all",
  },
  {
    name: "a file's row deleted from the catalogue",
    inflict: (root) => changeRows(root, `DELETE FROM files WHERE key LIKE '%${MP3}'`),
    atPresence: [[`unexpected ${MP3}`], []],
    closer: [[`checksum-unverifiable ${MP3}`, `unexpected ${MP3}`], []],
    healed: "not at all",
  },
  {
    name: "a recording deleted from the catalogue",
    inflict: (root) =>
      changeRows(
        root,
        "DELETE FROM files WHERE recording_id = 'rec_a'; DELETE FROM recordings WHERE recording_id = 'rec_a'",
      ),
    atPresence: [["missing rec_a", `unexpected ${SIDECAR}`, `unexpected ${MP3}`], []],
    closer: [["missing rec_a", `unexpected ${SIDECAR}`, `unexpected ${MP3}`], []],
    healed: "not at all",
  },
  {
    name: "the catalogue deleted",
    inflict: (root) => rm(join(root, "catalogue.sqlite")),
    atPresence: [["missing catalogue.sqlite"], []],
    closer: [["missing catalogue.sqlite"], []],
    healed: "not at all",
  },
];

/** What a harm must look like at a level. */
export function toExpectation(
  { atPresence = SOUND, closer }: Pick<ArchiveHarm, "atPresence" | "closer">,
  level: VerifyLevel,
) {
  const [found, unwell] = level === "presence" ? atPresence : closer;
  return { outcome: found.length === 0 ? "ok" : "findings", found: found.toSorted(), unwell: unwell.toSorted() };
}
