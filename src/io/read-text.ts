import { readFileChunks } from "./read-file.ts";

/**
 * Reads a UTF-8 text in pieces of any length, without its byte order mark. What is no UTF-8 comes as U+FFFD.
 *
 * @throws {NotFoundError} there is no such file.
 * @throws {StorageUnavailableError} it cannot be read to its end.
 */
export async function* readText(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of readFileChunks(path)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}
