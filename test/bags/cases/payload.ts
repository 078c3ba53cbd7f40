import { mkdir, rename, symlink } from "node:fs/promises";
import { type BagCase, invalid, valid } from "../bag-case.ts";
import { bag, line, PAYLOAD, withFiles, withoutFiles } from "../bag-files.ts";

const TWO = { algorithms: ["sha256", "sha512"] };
const [FIRST = ""] = Object.keys(PAYLOAD);

function listOne(path: keyof typeof PAYLOAD): string {
  return line("sha256", PAYLOAD[path], path);
}

/** The payload folder, and what makes a bag complete and valid. */
export const PAYLOAD_CASES: readonly BagCase[] = [
  valid("2.1.2", "a payload of no files", {
    files: bag({ payload: {} }),
    arrange: async (folder) => {
      await mkdir(`${folder}/data`);
    },
    unlikeCoreutils: "an empty manifest is an error to them",
  }),
  valid("2.1.2", "an empty folder in the payload", {
    files: bag(),
    arrange: async (folder) => {
      await mkdir(`${folder}/data/nothing`);
    },
  }),
  valid("2.1.2", "a bag in the payload of a bag", {
    files: bag({ payload: Object.fromEntries([...bag()].map(([path, bytes]) => [`data/${path}`, bytes.toString()])) }),
  }),
  invalid("2.1.2", "no payload folder", {
    files: bag({ payload: {} }),
    kinds: ["not-conforming"],
    unlikeCoreutils: "an empty manifest is an error to them",
  }),
  invalid("2.1.2", "a payload folder that is a symbolic link", {
    files: bag(),
    arrange: async (folder) => {
      await rename(`${folder}/data`, `${folder}-elsewhere`);
      await symlink(`${folder}-elsewhere`, `${folder}/data`);
    },
    kinds: ["not-conforming", "unsafe-path"],
    unlikeCoreutils: "they follow the link",
  }),
  invalid("3", "a payload file that is gone", { files: withoutFiles(bag(), FIRST), kinds: ["missing"] }),
  invalid("3", "a payload file that changed", {
    files: withFiles(bag(), { [FIRST]: "good night\n" }),
    kinds: ["digest-mismatch"],
  }),
  invalid("3", "a payload file that no manifest lists", {
    files: withFiles(bag(), { "data/more.txt": "more" }),
    kinds: ["unexpected"],
    unlikeCoreutils: "they look for what is listed only",
  }),
  invalid("3", "a symbolic link in the payload that no manifest lists", {
    files: bag(),
    arrange: (folder) => symlink("call.txt", `${folder}/data/link.txt`),
    kinds: ["unexpected"],
    unlikeCoreutils: "they look for what is listed only",
  }),
  invalid("3", "a symbolic link in the place of a payload file", {
    files: withoutFiles(withFiles(bag(), { "elsewhere.txt": PAYLOAD["data/call.txt"] }), FIRST),
    arrange: (folder) => symlink("../elsewhere.txt", `${folder}/${FIRST}`),
    kinds: ["missing"],
    unlikeCoreutils: "they follow the link",
  }),
  valid("3", "a payload file in each of two manifests", { files: bag(TWO) }),
  invalid("3", "a payload file in one of two manifests", {
    files: withFiles(bag({ ...TWO, tagAlgorithms: [] }), { "manifest-sha256.txt": listOne("data/call.txt") }),
    kinds: ["not-conforming"],
    unlikeCoreutils: "they look at one manifest at a time",
  }),
  invalid("3", "two manifests of which one has another checksum", {
    files: withFiles(bag({ ...TWO, tagAlgorithms: [] }), {
      "manifest-sha256.txt": `${line("sha256", "other", "data/call.txt")}${listOne("data/2024/reply.txt")}`,
    }),
    kinds: ["digest-mismatch"],
  }),
];
