/** What can be seen at once of bytes that come in chunks. */
export class ByteWindow {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #buffer: Buffer;
  #length = 0;
  /** What the window had no room for yet; good until the next chunk is asked for. */
  #rest: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>, sizeBytes: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#buffer = Buffer.allocUnsafe(sizeBytes);
  }

  /** What is seen: as much as there is room for, or less when it is the last. Good until the next {@link advance}. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Moves on by so many bytes of what is seen, and fills what becomes free. */
  async advance(byteCount: number): Promise<void> {
    this.#buffer.copyWithin(0, byteCount, this.#length);
    this.#length -= byteCount;
    while (this.#length < this.#buffer.length) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) return;
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, this.#buffer.length - this.#length);
      this.#buffer.set(part, this.#length);
      this.#length += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
  }

  /** Lets the source go. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
