import { readText } from "./read-text.ts";

/**
 * Reads a UTF-8 text line by line, without the line ends (LF or CRLF).
 *
 * @throws {NotFoundError} there is no such file.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of readText(path)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  if (rest !== "") yield rest.replace(/\r$/, "");
}
