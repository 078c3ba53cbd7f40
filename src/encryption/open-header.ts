import { isDeepStrictEqual } from "node:util";
import {
  CommitmentPolicy,
  CommitmentPolicySuites,
  type GetDecipher,
  getDecryptionHelper,
} from "@aws-crypto/material-management-node";
import { ContentType, type HeaderInfo } from "@aws-crypto/serialize";
import { DecryptionError } from "./errors.ts";
import { parseHeader, SUITE, toMaterials } from "./esdk.ts";
import { FRAME_BYTES } from "./frames.ts";
import type { MessageOptions } from "./message.ts";

/** A header that is authentic, and what opens the frames behind it. */
export interface OpenedHeader {
  readonly info: HeaderInfo;
  readonly sizeBytes: number;
  readonly getDecipher: GetDecipher;
}

/**
 * Reads and checks the header that stands at the beginning of a message.
 *
 * @throws {DecryptionError} its context is another.
 * @throws what the library complains of, when it is not authentic or not of this data key.
 */
export async function openHeader(bytes: Buffer, { dataKey, context }: MessageOptions): Promise<OpenedHeader> {
  const info = parseHeader(bytes);
  if (!info) throw new Error("the header is cut");
  assertReadable(info);
  const { messageHeader, rawHeader, headerAuth } = info;
  const { encryptionContext, encryptedDataKeys, messageId } = messageHeader;
  const material = await toMaterials(dataKey).decryptMaterials({ suite: SUITE, encryptionContext, encryptedDataKeys });
  const commitment = "suiteData" in messageHeader ? messageHeader.suiteData : undefined;
  const getDecipher = getDecryptionHelper(material).getDecipherInfo(messageId, commitment);
  const decipher = getDecipher(headerAuth.headerIv).setAAD(Buffer.from(rawHeader));
  decipher.setAuthTag(Buffer.from(headerAuth.headerAuthTag)).final();
  assertContext({ ...encryptionContext }, { ...context });
  return { info, getDecipher, sizeBytes: rawHeader.length + headerAuth.headerAuthLength };
}

/** Before anything of it is believed: what it asks for is what we write, and nothing weaker or larger. */
function assertReadable({ messageHeader, algorithmSuite }: HeaderInfo): void {
  const { suiteId, contentType, frameLength } = messageHeader;
  CommitmentPolicySuites.isDecryptEnabled(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT, algorithmSuite, "");
  if (suiteId !== SUITE.id) throw new Error("another suite");
  if (contentType !== ContentType.FRAMED_DATA || frameLength > FRAME_BYTES)
    throw new Error("no frames, or larger ones");
}

function assertContext(found: MessageOptions["context"], expected: MessageOptions["context"]): void {
  if (isDeepStrictEqual(found, expected)) return;
  const [was, is] = [found, expected].map((context) => JSON.stringify(context));
  throw new DecryptionError(`the encrypted file was made as ${was} and stands here as ${is}`);
}
