import { randomBytes } from "node:crypto";
import { CommitmentPolicy, type GetCipher, getEncryptHelper } from "@aws-crypto/material-management-node";
import { type MessageHeader, MessageIdLength, serializeMessageHeaderAuth } from "@aws-crypto/serialize";
import { SUITE, serialize, toFrameAad, toMaterials } from "./esdk.ts";
import { FRAME_BYTES, type PlainFrame, toFrames } from "./frames.ts";
import type { MessageOptions } from "./message.ts";

/** Encrypts as `encryptChunks` describes it. */
export async function* encryptMessage(
  plain: AsyncIterable<Uint8Array>,
  { dataKey, context }: MessageOptions,
): AsyncGenerator<Uint8Array> {
  const material = await toMaterials(dataKey).getEncryptionMaterials({
    suite: SUITE,
    encryptionContext: { ...context },
    commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  });
  const { getCipherInfo, dispose } = getEncryptHelper(material);
  try {
    const messageId = randomBytes(MessageIdLength.V2);
    const { getCipher, keyCommitment } = getCipherInfo(messageId);
    const { encryptionContext, encryptedDataKeys } = material;
    const header = serialize.buildMessageHeader({
      ...{ suite: SUITE, encryptionContext, encryptedDataKeys, messageId, frameLength: FRAME_BYTES },
      ...(keyCommitment === undefined ? {} : { suiteData: keyCommitment }),
    });
    yield encryptHeader(header, getCipher);
    let sequenceNumber = 1;
    for await (const frame of toFrames(plain)) {
      yield* encryptFrame(frame, { header, getCipher, sequenceNumber });
      sequenceNumber += 1;
    }
  } finally {
    dispose();
  }
}

/** The header is followed by its own tag. */
function encryptHeader(messageHeader: MessageHeader, getCipher: GetCipher): Uint8Array {
  const bytes = Buffer.from(serialize.serializeMessageHeader(messageHeader));
  const headerIv = serialize.headerAuthIv(SUITE.ivLength);
  const cipher = getCipher(headerIv).setAAD(bytes);
  cipher.final();
  const headerAuthTag = cipher.getAuthTag();
  return Buffer.concat([bytes, serializeMessageHeaderAuth({ headerIv, headerAuthTag, messageHeader })]);
}

function* encryptFrame(
  { plain, isLast }: PlainFrame,
  { header, getCipher, sequenceNumber }: { header: MessageHeader; getCipher: GetCipher; sequenceNumber: number },
): Generator<Uint8Array> {
  const iv = serialize.frameIv(SUITE.ivLength, sequenceNumber);
  yield isLast
    ? serialize.finalFrameHeader(sequenceNumber, iv, plain.length)
    : serialize.frameHeader(sequenceNumber, iv);
  const frame = { ...header, isFinalFrame: isLast, sequenceNumber, contentLength: plain.length };
  const cipher = getCipher(iv).setAAD(toFrameAad(header.messageId, frame));
  yield cipher.update(Buffer.from(plain.buffer, plain.byteOffset, plain.length));
  cipher.final();
  yield cipher.getAuthTag();
}
