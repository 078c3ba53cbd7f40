import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { SshReader, toSshString } from "./ssh-wire.ts";

/** What SSH calls the only type of key that is used here. */
export const SSH_KEY_TYPE = "ssh-ed25519";

const KEY_BYTES = 32;

/** The public half of an Ed25519 key. */
export class PublicKey {
  /** 32 bytes. @see RFC 8032 section 5.1.5 */
  readonly bytes: Buffer;
  readonly #key: KeyObject;

  constructor(bytes: Uint8Array) {
    if (bytes.length !== KEY_BYTES) throw new Error(`internal error: a public key of ${bytes.length} bytes`);
    this.bytes = Buffer.from(bytes);
    const x = this.bytes.toString("base64url");
    this.#key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  }

  /** Reads a key as SSH puts it into its messages; undefined when it is none, or of another type. */
  static tryFromSsh(blob: Buffer): PublicKey | undefined {
    const reader = new SshReader(blob);
    const type = reader.name();
    const bytes = reader.string();
    const isKey = reader.isSpent && type === SSH_KEY_TYPE && bytes.length === KEY_BYTES;
    return isKey ? new PublicKey(bytes) : undefined;
  }

  /** Tells whether the signature is this key's, of exactly these bytes. A signature of another length is none. */
  verify(data: Uint8Array, signature: Uint8Array): boolean {
    return verify(null, data, this.#key, signature);
  }

  /** Writes the key as SSH puts it into its messages. @see RFC 8709 section 4 */
  toSsh(): Buffer {
    return Buffer.concat([toSshString(SSH_KEY_TYPE), toSshString(this.bytes)]);
  }

  /** Writes the line of a `.pub` file, without a line feed. */
  toSshLine(comment = ""): string {
    return `${SSH_KEY_TYPE} ${this.toSsh().toString("base64")} ${comment}`.trimEnd();
  }

  /** Gives what persons compare: `SHA256:…`, as `ssh-keygen -l` shows it. */
  toFingerprint(): string {
    return `SHA256:${createHash("sha256").update(this.toSsh()).digest("base64").replace(/=+$/, "")}`;
  }

  /** Writes the key as SubjectPublicKeyInfo in PEM, for openssl. @see RFC 8410 section 4 */
  toPem(): string {
    return this.#key.export({ type: "spki", format: "pem" }).toString();
  }
}
