import { createHash } from "node:crypto";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import { AMR, AMR_WB } from "./amr-frame.ts";
import { FlacWalker } from "./flac-walker.ts";
import { FrameWalker } from "./frame-walker.ts";
import { G722Walker } from "./g722-walker.ts";
import { GSM } from "./gsm-frame.ts";
import { Mp3Walker } from "./mp3-walker.ts";
import { OpusWalker } from "./opus-walker.ts";
import { SNIFF_BYTES, type Sniffed, sniff, toSniffed } from "./sniff.ts";
import type { Structure } from "./structure.ts";
import type { AudioSink, Walker } from "./walker.ts";
import { WavWalker } from "./wav-walker.ts";

/** What a file is: which bytes, which audio, in which shape. */
export interface Identity {
  readonly sizeBytes: number;
  /** SHA-256 of the whole file. */
  readonly sha256: Sha256Hex;
  /** SHA-256 of the audio packets alone, as `docs/identity.md` defines it; undefined when there are none. */
  readonly packetSha256: Sha256Hex | undefined;
  readonly content: Sniffed;
  /** Undefined when the bytes are not a recording that can be walked. */
  readonly structure: Structure | undefined;
}

/** What the caller knows of a file beside its bytes. */
export interface IdentifyOptions {
  /** What unknown bytes are by their name, in a format that nothing in them shows. */
  readonly headerless?: "g722" | undefined;
}

/** Tells what a file is by its name, where nothing else could. */
export function toHeaderless(path: string): IdentifyOptions["headerless"] {
  return path.toLowerCase().endsWith(".g722") ? "g722" : undefined;
}

/**
 * Computes a file's identity in one pass over its bytes, in chunks of any size. One use.
 *
 * Never throws for what the bytes are. Memory is bounded; chunks may be reused after `push`.
 */
export class Identifier {
  readonly #fileHash = createHash("sha256");
  readonly #packetHash = createHash("sha256");
  #head: Buffer | undefined = Buffer.allocUnsafe(SNIFF_BYTES);
  #sizeBytes = 0;
  #content: Sniffed = toSniffed("empty");
  #walker: Walker | undefined;
  readonly #headerless: "g722" | undefined;

  constructor({ headerless }: IdentifyOptions = {}) {
    this.#headerless = headerless;
  }

  push(chunk: Uint8Array): void {
    this.#fileHash.update(chunk);
    const rest = this.#head === undefined ? chunk : this.#fillHead(this.#head, chunk);
    this.#sizeBytes += chunk.length;
    if (rest.length > 0) this.#walker?.push(rest);
  }

  end(): Identity {
    if (this.#head !== undefined) this.#open(this.#head.subarray(0, this.#sizeBytes));
    const structure = this.#walker?.end();
    const hasPackets = structure !== undefined && structure.packetBytes > 0;
    return {
      sizeBytes: this.#sizeBytes,
      sha256: parseSha256(this.#fileHash.digest("hex")),
      packetSha256: hasPackets ? parseSha256(this.#packetHash.digest("hex")) : undefined,
      content: toContent(this.#content, structure),
      structure,
    };
  }

  /** Gathers the first bytes, which decide who walks the file; returns what of `chunk` lies behind them. */
  #fillHead(head: Buffer, chunk: Uint8Array): Uint8Array {
    const taken = Math.min(chunk.length, head.length - this.#sizeBytes);
    head.set(chunk.subarray(0, taken), this.#sizeBytes);
    if (this.#sizeBytes + taken === head.length) this.#open(head);
    return chunk.subarray(taken);
  }

  #open(head: Uint8Array): void {
    this.#head = undefined;
    const content = sniff(head);
    this.#content = content.kind === "binary" ? toSniffed(this.#headerless ?? "binary") : content;
    this.#walker = openWalker(this.#content, (run) => this.#packetHash.update(run));
    this.#walker?.push(head);
  }
}

/** Junk may stand before the first MPEG frame for longer than the head, so unknown bytes are walked too. */
function openWalker(content: Sniffed, sink: AudioSink): Walker | undefined {
  switch (content.kind) {
    case "wav":
      return new WavWalker(sink);
    case "opus":
      return new OpusWalker(sink);
    case "flac":
      return new FlacWalker(sink);
    case "amr":
      return new FrameWalker(AMR, sink);
    case "amr-wb":
      return new FrameWalker(AMR_WB, sink);
    case "gsm":
      return new FrameWalker(GSM, sink);
    case "g722":
      return new G722Walker(sink);
    case "mp3":
    case "mp2":
    case "mp1":
    case "binary":
      return new Mp3Walker(sink);
    default:
      return undefined;
  }
}

/** The walker has seen the whole file and knows better than its first bytes. */
function toContent(sniffed: Sniffed, structure: Structure | undefined): Sniffed {
  if (structure?.container !== "mp3") return sniffed.kind === "mp3" ? toSniffed("binary") : sniffed;
  return toSniffed(structure.codec === "mp1" || structure.codec === "mp2" ? structure.codec : "mp3");
}

/**
 * Computes the identity of what `chunks` hold, in the order they come.
 *
 * @throws whatever reading the chunks throws.
 */
export async function identify(chunks: AsyncIterable<Uint8Array>, options: IdentifyOptions = {}): Promise<Identity> {
  const identifier = new Identifier(options);
  for await (const chunk of chunks) identifier.push(chunk);
  return identifier.end();
}
