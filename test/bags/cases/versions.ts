import { type BagCase, invalid, remarked, valid } from "../bag-case.ts";
import { bag, line, PAYLOAD, withFiles } from "../bag-files.ts";

const DRAFTS = ["0.93", "0.94", "0.95", "0.96", "0.97"];

/** What the drafts allowed. */
export const VERSION_CASES: readonly BagCase[] = [
  ...DRAFTS.flatMap((version) => [
    valid(version, `a bag of ${version}`, { files: bag({ version }) }),
    invalid(version, `a payload file that changed in ${version}`, {
      files: withFiles(bag({ version, algorithms: ["sha1"] }), { "data/call.txt": "changed" }),
      kinds: ["digest-mismatch"],
    }),
    remarked(`${version}, 3`, `a payload file in one of two manifests of ${version}`, {
      files: withFiles(bag({ version, algorithms: ["md5", "sha512"], tagAlgorithms: [] }), {
        "manifest-md5.txt": line("md5", PAYLOAD["data/call.txt"], "data/call.txt"),
      }),
      remark: /other manifests list/,
    }),
  ]),
];
