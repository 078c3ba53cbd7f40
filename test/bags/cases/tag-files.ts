import { type BagCase, invalid, remarked, valid } from "../bag-case.ts";
import { bag, line, PAYLOAD, withFiles, withoutFiles } from "../bag-files.ts";

const NOTE = { tags: { "notes/about.txt": "a note" } };
const NO_MANIFEST_LISTED = line("sha512", "a note", "notes/about.txt");
const OPEN = bag({ ...NOTE, tagAlgorithms: [] });

/** Tag manifests and other tag files. */
export const TAG_FILE_CASES: readonly BagCase[] = [
  valid("2.2.1", "a tag manifest", { files: bag(NOTE) }),
  valid("2.2.1", "two tag manifests", { files: bag({ ...NOTE, tagAlgorithms: ["sha256", "sha512"] }) }),
  remarked("2.2.1", "no tag manifest", { files: OPEN, remark: /no tag manifest/ }),
  invalid("2.2.1", "a tag file that changed", {
    files: withFiles(bag(NOTE), { "notes/about.txt": "another" }),
    kinds: ["digest-mismatch"],
  }),
  invalid("2.2.1", "a tag file that is gone", {
    files: withoutFiles(bag(NOTE), "notes/about.txt"),
    kinds: ["missing"],
  }),
  invalid("2.2.1", "a payload manifest that changed", {
    files: withFiles(bag(), {
      "manifest-sha512.txt": Object.entries(PAYLOAD)
        .reverse()
        .map(([path, text]) => line("sha512", text, path))
        .join(""),
    }),
    kinds: ["digest-mismatch"],
  }),
  invalid("2.2.1", "a tag manifest that does not list the payload manifest", {
    files: withFiles(OPEN, { "tagmanifest-sha512.txt": NO_MANIFEST_LISTED }),
    kinds: ["not-conforming"],
    unlikeCoreutils: "they look for what is listed only",
  }),
  remarked("2.2.1", "a tag manifest that does not list the payload manifest in 0.97", {
    files: withFiles(bag({ ...NOTE, version: "0.97", tagAlgorithms: [] }), {
      "tagmanifest-sha512.txt": NO_MANIFEST_LISTED,
    }),
    remark: /payload manifests are not listed/,
  }),
  invalid("2.2.1", "a tag manifest that lists a payload file", {
    files: withFiles(bag(NOTE), {
      "tagmanifest-sha512.txt": `${bag(NOTE).get("tagmanifest-sha512.txt")}${line("sha512", PAYLOAD["data/call.txt"], "data/call.txt")}`,
    }),
    kinds: ["not-conforming"],
    unlikeCoreutils: "all places are the same to them",
  }),
  invalid("2.2.1", "a tag manifest that lists a tag manifest", {
    files: withFiles(bag({ tagAlgorithms: ["sha256", "sha512"] }), {
      "tagmanifest-sha512.txt": `${bag().get("tagmanifest-sha512.txt")}${line("sha512", "", "tagmanifest-sha256.txt")}`,
      "tagmanifest-sha256.txt": "",
    }),
    kinds: ["not-conforming"],
    unlikeCoreutils: "an empty manifest is an error to them",
  }),
  remarked("2.2.1", "a tag file that no tag manifest lists", {
    files: withFiles(bag(), { "extra.txt": "1" }),
    remark: /extra\.txt/,
  }),
  valid("2.2.4", "tag folders of any depth", { files: bag({ tags: { "a/b/c/d.xml": "<a/>", "bag-info.txt": "" } }) }),
];
