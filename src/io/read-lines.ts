import { readFileChunks } from "./read-file.ts";

/**
 * Reads a UTF-8 text line by line, without the line ends (LF or CRLF).
 *
 * @throws {NotFoundError} there is no such file.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of readFileChunks(path)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  rest += decoder.decode();
  if (rest !== "") yield rest.replace(/\r$/, "");
}
