import { symlink } from "node:fs/promises";
import { type BagCase, invalid, remarked } from "../bag-case.ts";
import { bag, bagWithManifest, line, withFiles } from "../bag-files.ts";

const COMPOSED = "data/Núñez.txt".normalize("NFC");
const DECOMPOSED = COMPOSED.normalize("NFD");
const OTHER_FORM = "names are bytes to them";
const OLD = { version: "0.97" };

const UNSAFE: readonly (readonly [name: string, path: string])[] = [
  ["leads upwards", "../../../etc/hostname"],
  ["leads upwards from the payload", "data/../../outside.txt"],
  ["leads up and down again", "data/sub/../call.txt"],
  ["leads upwards with backslashes", "data\\..\\..\\outside.txt"],
  ["is absolute", "/etc/hostname"],
  ["begins with a home folder", "~/outside.txt"],
  ["begins with somebody's home folder", "~root/outside.txt"],
  ["begins with a drive letter", "C:\\Windows\\System32\\setx.exe"],
  ["begins with a server", "\\\\?\\UNC\\server\\outside.txt"],
  ["begins with a variable", "%HomeDrive%\\Windows\\outside.txt"],
];

/** Names: those that lead out of the bag, and those that differ from disk to disk. */
export const NAME_CASES: readonly BagCase[] = [
  ...UNSAFE.map(([name, path]) =>
    invalid("5.1", `a listed path that ${name}`, {
      files: bagWithManifest(`${line("sha512", "1", "data/a.txt")}${line("sha512", "2", path)}`, {
        payload: { "data/a.txt": "1" },
      }),
      kinds: ["unsafe-path"],
    }),
  ),
  invalid("5.1", "a tag manifest that leads upwards", {
    files: withFiles(bag(), {
      "tagmanifest-sha512.txt": `${bag().get("tagmanifest-sha512.txt")}${line("sha512", "2", "../outside.txt")}`,
    }),
    kinds: ["unsafe-path"],
  }),
  invalid("5.1", "a listed path through a symbolic link that leads out", {
    files: bagWithManifest(`${line("sha512", "1", "data/a.txt")}${line("sha512", "2", "data/link/hostname")}`, {
      payload: { "data/a.txt": "1" },
    }),
    arrange: (folder) => symlink("/etc", `${folder}/data/link`),
    kinds: ["unexpected", "unsafe-path"],
  }),
  remarked("6.1.1.1", "names that differ in case only", {
    files: bag({ ...OLD, payload: { "data/call.txt": "1", "data/CALL.txt": "2" } }),
    remark: /case or normal form/,
  }),
  remarked("6.1.1.1", "two names of which a disk that ignores case kept one", {
    files: bagWithManifest(`${line("sha512", "1", "data/call.txt")}${line("sha512", "1", "data/CALL.txt")}`, {
      ...OLD,
      payload: { "data/call.txt": "1" },
    }),
    remark: /another case/,
    unlikeCoreutils: OTHER_FORM,
  }),
  invalid("6.1.1.1", "two names with different bytes of which a disk that ignores case kept one", {
    files: bagWithManifest(`${line("sha512", "1", "data/call.txt")}${line("sha512", "2", "data/CALL.txt")}`, {
      ...OLD,
      payload: { "data/call.txt": "1" },
    }),
    kinds: ["digest-mismatch", "manifest-invalid"],
  }),
  invalid("6.1.1.1", "a name that changed its case", {
    files: bagWithManifest(line("sha512", "1", "data/CALL.txt"), { ...OLD, payload: { "data/call.txt": "1" } }),
    kinds: ["moved"],
  }),
  remarked("6.1.1.2", "a name in another normal form than listed", {
    files: bagWithManifest(line("sha512", "1", COMPOSED), { payload: { [DECOMPOSED]: "1" } }),
    remark: /normalisation/,
    unlikeCoreutils: OTHER_FORM,
  }),
  invalid("6.1.1.2", "a name in another normal form than listed, with other bytes", {
    files: bagWithManifest(line("sha512", "1", DECOMPOSED), { payload: { [COMPOSED]: "2" } }),
    kinds: ["digest-mismatch"],
  }),
  remarked("6.1.1.3", "both normal forms listed of which a disk kept one", {
    files: bagWithManifest(`${line("sha512", "", COMPOSED)}${line("sha512", "", DECOMPOSED)}`, {
      ...OLD,
      payload: { [DECOMPOSED]: "" },
    }),
    remark: /normalisation/,
    unlikeCoreutils: OTHER_FORM,
  }),
  remarked("6.1.1.3", "both normal forms", {
    files: bag({ payload: { [COMPOSED]: "1", [DECOMPOSED]: "2" } }),
    remark: /case or normal form/,
  }),
  remarked("6.1.2", "files that an operating system left behind", {
    files: bag({ payload: { "data/call.txt": "1", "data/.DS_Store": "2", "data/Thumbs.db": "3" } }),
    remark: /operating system/,
  }),
];
