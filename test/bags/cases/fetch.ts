import { type BagCase, invalid, remarked, valid } from "../bag-case.ts";
import { bag, withFiles, withoutFiles } from "../bag-files.ts";

const BLIND = "they know no fetch.txt";

function fetching(fetch: string, version = "1.0") {
  return { files: bag({ version, tags: { "fetch.txt": fetch } }), unlikeCoreutils: BLIND };
}

const UNSAFE: readonly (readonly [name: string, path: string])[] = [
  ["leads upwards", "../../call.txt"],
  ["is absolute", "/tmp/call.txt"],
  ["begins with a home folder", "~/call.txt"],
  ["begins with somebody's home folder", "~root/call.txt"],
  ["begins with a drive letter", "C:\\call.txt"],
  ["begins with a server", "\\\\?\\UNC\\server\\call.txt"],
  ["begins with a variable", "%HomeDrive%\\call.txt"],
];

/** The fetch file. */
export const FETCH_CASES: readonly BagCase[] = [
  valid(
    "2.2.3",
    "a fetch file whose files are there",
    fetching("https://example.org/a 13 data/call.txt\nhttp://example.org/b - data/2024/reply.txt\n"),
  ),
  invalid("2.2.3", "a file that must be fetched first", {
    files: withoutFiles(bag({ tags: { "fetch.txt": "https://example.org/a 13 data/call.txt\n" } }), "data/call.txt"),
    kinds: ["missing"],
  }),
  invalid("2.2.3", "a file that no manifest lists", {
    ...fetching("https://example.org/a 13 data/other.txt\n"),
    kinds: ["not-conforming"],
  }),
  invalid("2.2.3", "a file that not all manifests list", {
    files: withFiles(bag({ algorithms: ["md5", "sha512"], tagAlgorithms: [] }), {
      "manifest-md5.txt": "",
      "fetch.txt": "https://example.org/a 13 data/call.txt\n",
    }),
    kinds: ["not-conforming"],
    unlikeCoreutils: "an empty manifest is an error to them",
  }),
  invalid("2.2.3", "a tag file", { ...fetching("https://example.org/a 13 bag-info.txt\n"), kinds: ["not-conforming"] }),
  invalid("2.2.3", "a line without a length", {
    ...fetching("https://example.org/a data/call.txt\n"),
    kinds: ["not-conforming"],
  }),
  invalid("2.2.3", "an address that is not absolute", {
    ...fetching("a/b 13 data/call.txt\n"),
    kinds: ["not-conforming"],
  }),
  remarked("2.2.3", "empty lines", { ...fetching("\n"), remark: /empty lines/ }),
  ...UNSAFE.map(([name, path]) =>
    invalid("5.1", `a path to fetch that ${name}`, {
      ...fetching(`https://example.org/a 13 ${path}\n`, "0.97"),
      kinds: ["unsafe-path"],
    }),
  ),
];
