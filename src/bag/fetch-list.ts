import { splitTagLines, type TagFile } from "./tag-file.ts";

/** The name of the fetch file. */
export const FETCH_LIST_NAME = "fetch.txt";

const LINE = /^([^ \t]+)[ \t]+(\d+|-)[ \t]+(.+)$/s;

/**
 * Reads `fetch.txt`. Where the files are to be had is not given: nothing is fetched, and an address may hold a secret.
 *
 * @returns the paths of the files that have to be fetched, as they are written.
 * @see RFC 8493 section 2.2.3
 */
export function parseFetchList(text: string, { name, notes }: TagFile): readonly string[] {
  const paths: string[] = [];
  for (const [at, line] of splitTagLines(text).entries()) {
    const example = `line ${at + 1}`;
    const [, url, , path] = LINE.exec(line) ?? [];
    if (url === undefined || path === undefined) {
      const isBlank = line.trim() === "";
      const message = isBlank ? "it has empty lines" : "lines are not an address, a length and a path";
      notes.add({ grade: isBlank ? "remark" : "not-conforming", subject: name, message, example });
      continue;
    }
    if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) {
      notes.add({ grade: "not-conforming", subject: name, message: "addresses are not absolute", example });
    }
    paths.push(path);
  }
  return paths;
}
