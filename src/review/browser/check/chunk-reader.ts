const CHUNK_BYTES = 2 ** 18;

/** A file gives no more of itself: it is gone, forbidden, or has changed since it was chosen. */
export class UnreadableError extends Error {}

type Reader = ReadableStreamBYOBReader | ReadableStreamDefaultReader<Uint8Array>;

/**
 * What is being read. Chromium (156) collects a file's stream as garbage while a read of it is awaited and nothing else
 * holds it, and then the read never settles.
 */
const READING = new Set<Reader>();

/** Gives the next chunk, and undefined after the last. */
type NextChunk = () => Promise<Uint8Array | undefined>;

/** Reads files chunk by chunk into one piece of memory, so that the collector is never behind. */
export class ChunkReader {
  #spare = new ArrayBuffer(CHUNK_BYTES);

  /**
   * Gives a file's chunks, one file at a time; each is good until the next is asked for.
   *
   * @throws {UnreadableError}
   */
  read(file: Blob): AsyncGenerator<Uint8Array> {
    const reader = tryOpenByteReader(file);
    if (reader !== undefined) return readAll(reader, () => this.#fill(reader));
    const plain = file.stream().getReader();
    return readAll(plain, async () => (await plain.read()).value);
  }

  async #fill(reader: ReadableStreamBYOBReader): Promise<Uint8Array | undefined> {
    // Of a file that could not be read to its end, the browser has kept the memory.
    if (this.#spare.byteLength === 0) this.#spare = new ArrayBuffer(CHUNK_BYTES);
    const { value, done } = await reader.read(new Uint8Array(this.#spare));
    if (value !== undefined) this.#spare = value.buffer;
    return done ? undefined : value;
  }
}

async function* readAll(reader: Reader, next: NextChunk): AsyncGenerator<Uint8Array> {
  READING.add(reader);
  try {
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
  } catch (cause) {
    // Browsers differ in what they say of it; Chromium calls it a network error.
    throw new UnreadableError("a file could not be read", { cause });
  } finally {
    READING.delete(reader);
  }
}

/** Not every browser gives files as byte streams; where it does not, memory is the collector's affair. */
function tryOpenByteReader(file: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return file.stream().getReader({ mode: "byob" });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
