import type { DataKey } from "./data-key.ts";

/** What a message is encrypted with. */
export interface MessageOptions {
  readonly dataKey: DataKey;
  /**
   * What the message is. It stands in the header for everybody to read, and authenticated: one message cannot be put in the place
   * of another. Names that begin with `aws-crypto-` are the format's own.
   */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Encrypts bytes as one message of the AWS Encryption SDK, version 2: AES-256-GCM with a key that is derived for this message and
 * committed to, in frames of 1 MiB. A chunk is used up before the next is asked for; what is given is the caller's. The same
 * bytes never make the same message twice.
 *
 * @throws what `plain` throws; what came out until then is a message without an end.
 * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
 */
export async function* encryptChunks(
  plain: AsyncIterable<Uint8Array>,
  options: MessageOptions,
): AsyncGenerator<Uint8Array> {
  // Loading the library takes longer than most commands that encrypt nothing.
  const { encryptMessage } = await import("./encrypt-message.ts");
  yield* encryptMessage(plain, options);
}

/**
 * Decrypts what {@link encryptChunks} made, in the memory of two frames. A frame is given when it is authentic and in its place,
 * before it is known that the message is whole: until the iteration has ended, nothing that is made of it may get a final name.
 *
 * @throws {DecryptionError} the message was changed, cut or lengthened, or is of another data key or context.
 * @throws what `cipher` throws.
 */
export async function* decryptChunks(
  cipher: AsyncIterable<Uint8Array>,
  options: MessageOptions,
): AsyncGenerator<Uint8Array> {
  const { decryptMessage } = await import("./decrypt-message.ts");
  yield* decryptMessage(cipher, options);
}
