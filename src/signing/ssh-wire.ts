/**
 * Writes a `string` of the SSH wire format: its length, then its bytes.
 *
 * @see RFC 4251 section 5
 */
export function toSshString(value: string | Uint8Array): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([toUint32(bytes.length), bytes]);
}

/** Writes a `uint32` of the SSH wire format. */
export function toUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/**
 * Reads the SSH wire format, field by field. What is not there reads as nothing or zero, and {@link isSpent} is never true
 * again: all fields are read first, and whether they were there is asked once.
 *
 * @see RFC 4251 section 5
 */
export class SshReader {
  #rest: Buffer;
  #isShort = false;

  constructor(bytes: Buffer) {
    this.#rest = bytes;
  }

  /** Whether exactly what was read was there. */
  get isSpent(): boolean {
    return !this.#isShort && this.#rest.length === 0;
  }

  uint32(): number {
    const bytes = this.bytes(4);
    return bytes.length === 4 ? bytes.readUInt32BE() : 0;
  }

  string(): Buffer {
    return this.bytes(this.uint32());
  }

  /** A string whose bytes are all of ASCII; anything else in them is no name that we know. */
  name(): string {
    return this.string().toString("latin1");
  }

  bytes(length: number): Buffer {
    const bytes = this.#rest.subarray(0, length);
    this.#isShort ||= bytes.length < length;
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  /** Reads all that is left. */
  remainder(): Buffer {
    return this.bytes(this.#rest.length);
  }
}
