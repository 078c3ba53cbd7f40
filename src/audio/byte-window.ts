/**
 * The bytes of a stream that are not consumed yet, seen as one contiguous buffer.
 *
 * A chunk is used in place while nothing is left over from the chunk before; only leftovers are copied.
 */
export class ByteWindow {
  /** The buffer that holds the window; positions in it are valid until the next `feed`. */
  bytes: Buffer = Buffer.alloc(0);
  /** Position of the first byte that is not consumed. */
  start = 0;
  /** Position behind the last byte. */
  end = 0;
  /** How far `bytes[0]` lies from the first byte of the stream. */
  #base = 0;
  #store: Buffer = Buffer.alloc(0);

  /** Number of bytes that are not consumed. */
  get length(): number {
    return this.end - this.start;
  }

  /** Offset of the first unconsumed byte in the stream. */
  get offset(): number {
    return this.#base + this.start;
  }

  /** Returns the offset in the stream of a position in `bytes`. */
  offsetOf(position: number): number {
    return this.#base + position;
  }

  consume(count: number): void {
    this.start += count;
  }

  /** Appends `chunk`, lets `drain` consume what it can, and copies what it left: the chunk is free again. */
  feed(chunk: Uint8Array, drain: () => void): void {
    if (this.length === 0) this.#borrow(chunk);
    else this.#append(chunk);
    drain();
    if (this.bytes !== this.#store) this.#keep();
  }

  #borrow(chunk: Uint8Array): void {
    this.#base += this.start;
    this.bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.start = 0;
    this.end = chunk.length;
  }

  #append(chunk: Uint8Array): void {
    if (this.#store.length - this.end < chunk.length) this.#makeRoom(this.length + chunk.length);
    this.#store.set(chunk, this.end);
    this.end += chunk.length;
  }

  #keep(): void {
    if (this.length === 0) return;
    this.#makeRoom(this.length);
  }

  /** Moves the window to the front of the store; doubles it so that tiny chunks cost no more than large ones. */
  #makeRoom(capacity: number): void {
    const store = capacity > this.#store.length / 2 ? Buffer.allocUnsafe(capacity * 2) : this.#store;
    this.bytes.copy(store, 0, this.start, this.end);
    this.#base += this.start;
    this.end -= this.start;
    this.start = 0;
    this.#store = store;
    this.bytes = store;
  }
}
