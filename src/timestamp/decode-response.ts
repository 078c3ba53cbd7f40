import { type BaseBlock, type BitString, Constructed, fromBER, GeneralizedTime, Sequence } from "asn1js";
import { type AlgorithmIdentifier, IssuerAndSerialNumber, SignedData, TimeStampResp, TSTInfo } from "pkijs";
import { tryParseInstant } from "../core/clock.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import { SIGNED_DATA, TST_INFO } from "./object-identifiers.ts";

/** What a time stamp says. */
export interface StampedFacts {
  readonly timeMs: number;
  /** Lower-case hex digits. */
  readonly serial: string;
  readonly policy: string;
  readonly nonce: bigint | undefined;
  readonly imprint: { readonly algorithmId: string; readonly digest: Buffer };
}

/** What the signature on a time stamp is made of. */
export interface StampSignature {
  readonly digestAlgorithmId: string;
  readonly algorithm: AlgorithmIdentifier;
  readonly value: Uint8Array;
  /** The bytes that are signed. */
  readonly signedBytes: Uint8Array;
  /** The values of each signed attribute, in the order they stand in. */
  readonly attributes: readonly { readonly type: string; readonly values: readonly BaseBlock[] }[];
}

/** A time stamp as its authority wrote it, nothing of it checked. */
export interface DecodedToken {
  readonly der: Buffer;
  /** What is signed, by way of its digest among the signed attributes. */
  readonly content: Uint8Array;
  readonly facts: StampedFacts;
  readonly signature: StampSignature;
  readonly certificates: readonly Certificate[];
  /** The one that issuer and serial number name, which are not signed. */
  readonly signer: Certificate | undefined;
}

/** An authority's answer. */
export interface DecodedResponse {
  /** 0 and 1 are granted. */
  readonly status: number;
  /** The bits of PKIFailureInfo that are set. */
  readonly failures: readonly number[];
  readonly token: DecodedToken | undefined;
}

/** Real authorities send three or four. */
const MAX_CERTIFICATES = 20;

/**
 * Takes an answer apart.
 *
 * @returns the problem when it is not of the form that RFC 3161 gives it.
 * @see RFC 3161 section 2.4.2
 */
export function decodeResponse(response: Uint8Array): DecodedResponse | { readonly problem: string } {
  try {
    const { result, offset } = fromBER(response);
    if (offset === -1) return { problem: "it is no ASN.1" };
    if (!isEncodingOf(result, response)) return { problem: "it is not encoded as it should be" };
    const { status, timeStampToken } = new TimeStampResp({ schema: result });
    const { status: code, failInfo } = status;
    if (timeStampToken === undefined) return { status: code, failures: toBits(failInfo), token: undefined };
    if (timeStampToken.contentType !== SIGNED_DATA) return { problem: "its token is not signed data" };
    const der = Buffer.from(timeStampToken.toSchema().toBER());
    return { status: code, failures: toBits(failInfo), token: decodeToken(timeStampToken.content, der) };
  } catch (error) {
    // Whatever the parsers throw, it is the bytes that made them.
    return { problem: `it is not of the form of a time stamp (${error instanceof Error ? error.message : "unknown"})` };
  }
}

function decodeToken(content: BaseBlock, der: Buffer): DecodedToken {
  const rawCertificates = listCertificates(content);
  const { version, digestAlgorithms, encapContentInfo, signerInfos } = new SignedData({ schema: content });
  const [signerInfo, ...others] = signerInfos;
  if (signerInfo === undefined || others.length > 0) throw new Error("not signed by exactly one");
  // RFC 5652 sections 5.1 and 5.3: what the versions are for content of this type and a signer named in this way.
  if (version !== 3 || signerInfo.version !== 1) throw new Error("unexpected version");
  if (encapContentInfo.eContentType !== TST_INFO || encapContentInfo.eContent === undefined) {
    throw new Error("no time stamp in the token");
  }
  const { sid, signedAttrs, digestAlgorithm, signatureAlgorithm, signature } = signerInfo;
  if (!(sid instanceof IssuerAndSerialNumber)) throw new Error("signer not named by issuer and serial number");
  if (signedAttrs === undefined) throw new Error("no signed attributes");
  if (!digestAlgorithms.some(({ algorithmId }) => algorithmId === digestAlgorithm.algorithmId)) {
    throw new Error("digest algorithm not announced");
  }
  const certificates = rawCertificates.map(readCertificate);
  const stamped = new Uint8Array(encapContentInfo.eContent.getValue());
  return {
    der,
    content: stamped,
    facts: decodeFacts(stamped),
    signature: {
      digestAlgorithmId: digestAlgorithm.algorithmId,
      algorithm: signatureAlgorithm,
      value: signature.valueBlock.valueHexView,
      signedBytes: new Uint8Array(signedAttrs.encodedValue),
      attributes: signedAttrs.attributes,
    },
    certificates,
    signer: certificates.find(
      ({ issuer, serial }) => issuer.isEqual(sid.issuer) && serial === sid.serialNumber.toBigInt(),
    ),
  };
}

/** Gives the certificates as they were written, which their digests are of. */
function listCertificates(signedData: BaseBlock): readonly Uint8Array[] {
  const fields = signedData instanceof Sequence ? signedData.valueBlock.value : [];
  const set = fields.find(({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === 0);
  const choices = set instanceof Constructed ? set.valueBlock.value : [];
  if (choices.length > MAX_CERTIFICATES) throw new Error(`more than ${MAX_CERTIFICATES} certificates`);
  return choices.filter((choice) => choice instanceof Sequence).map((choice) => choice.valueBeforeDecodeView.slice());
}

function decodeFacts(content: Uint8Array): StampedFacts {
  const { result, offset } = fromBER(content);
  if (offset !== content.length) throw new Error("something stands behind the time stamp's end");
  const info = new TSTInfo({ schema: result });
  if (info.version !== 1) throw new Error("version of the time stamp is not 1");
  if (info.extensions?.some(({ critical }) => critical)) throw new Error("critical extension in the time stamp");
  return {
    timeMs: decodeTime(result),
    serial: info.serialNumber.toBigInt().toString(16),
    policy: info.policy,
    nonce: info.nonce?.toBigInt(),
    imprint: {
      algorithmId: info.messageImprint.hashAlgorithm.algorithmId,
      digest: Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView),
    },
  };
}

/** Written in UTC and to the second or finer; asn1js misreads the other forms that GeneralizedTime has. */
const GEN_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)((?:\.\d+)?Z)$/;

function decodeTime(tstInfo: BaseBlock): number {
  const fields = tstInfo instanceof Sequence ? tstInfo.valueBlock.value : [];
  const time = fields.find((field) => field instanceof GeneralizedTime);
  const text = time === undefined ? "" : Buffer.from(time.valueBlock.valueHexView).toString("latin1");
  const timeMs = tryParseInstant(text.replace(GEN_TIME, "$1-$2-$3T$4:$5:$6$7"));
  if (timeMs === undefined || !GEN_TIME.test(text)) throw new Error("no time in the time stamp");
  return timeMs;
}

/** Lists the bits that are set, the most significant bit of the first byte being 0. */
function toBits(bits: BitString | undefined): readonly number[] {
  const bytes = bits?.valueBlock.valueHexView ?? new Uint8Array();
  return [...bytes].flatMap((byte, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte & (0x80 >> bit)) !== 0).map((bit) => index * 8 + bit),
  );
}

/** asn1js passes over lengths that do not fit and over what stands behind the end: it must write what it has read. */
function isEncodingOf(block: BaseBlock, bytes: Uint8Array): boolean {
  return Buffer.from(block.toBER()).equals(bytes);
}
