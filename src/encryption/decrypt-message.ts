import { type BodyHeader, decodeBodyHeader } from "@aws-crypto/serialize";
import { ByteWindow } from "./byte-window.ts";
import { DecryptionError } from "./errors.ts";
import { SUITE, toFrameAad } from "./esdk.ts";
import { FRAME_BYTES } from "./frames.ts";
import type { MessageOptions } from "./message.ts";
import { type OpenedHeader, openHeader } from "./open-header.ts";

const TAG_BYTES = SUITE.tagLength / 8;

/** The longest frame, whose content stands behind two numbers, an initialisation vector and its length. Headers are shorter. */
const WINDOW_BYTES = 4 + 4 + SUITE.ivLength + 4 + FRAME_BYTES + TAG_BYTES;

/** Decrypts as `decryptChunks` describes it. */
export async function* decryptMessage(
  cipher: AsyncIterable<Uint8Array>,
  options: MessageOptions,
): AsyncGenerator<Uint8Array> {
  const window = new ByteWindow(cipher, WINDOW_BYTES);
  try {
    await window.advance(0);
    const header = await openHeader(window.bytes, options).catch(refuse);
    await window.advance(header.sizeBytes);
    for (let number = 1, isLast = false; !isLast; number += 1) {
      const { frame, plain } = tryDecrypt(window.bytes, header, number);
      isLast = frame.isFinalFrame;
      yield plain;
      await window.advance(frame.readPos + frame.contentLength + TAG_BYTES);
    }
    if (window.bytes.length > 0) throw new DecryptionError("something stands behind the end of the encrypted file");
  } finally {
    await window.close();
  }
}

/** What was decrypted of a frame, and how it began. */
interface DecryptedFrame {
  readonly frame: BodyHeader;
  readonly plain: Uint8Array;
}

function tryDecrypt(bytes: Buffer, header: OpenedHeader, number: number): DecryptedFrame {
  try {
    return decryptFrame(bytes, header, number);
  } catch (error) {
    return refuse(error);
  }
}

function decryptFrame(bytes: Buffer, { info, getDecipher }: OpenedHeader, number: number): DecryptedFrame {
  const frame = decodeBodyHeader(bytes, info, 0);
  if (!frame) throw new Error("the message is cut");
  // Frames would still be authentic in another order.
  if (frame.sequenceNumber !== number) throw new Error("a frame is out of its place");
  const tagAt = frame.readPos + frame.contentLength;
  if (bytes.length < tagAt + TAG_BYTES) throw new Error("the frame is cut");
  const decipher = getDecipher(frame.iv).setAAD(toFrameAad(info.messageHeader.messageId, frame));
  decipher.setAuthTag(bytes.subarray(tagAt, tagAt + TAG_BYTES));
  const plain = decipher.update(bytes.subarray(frame.readPos, tagAt));
  decipher.final();
  return { frame, plain };
}

function refuse(complaint: unknown): never {
  if (complaint instanceof DecryptionError) throw complaint;
  const message = "the encrypted file was changed or cut, or is not of this data key";
  throw new DecryptionError(message, { cause: complaint });
}
