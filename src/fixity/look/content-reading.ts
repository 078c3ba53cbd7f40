import type { Identifier, Identity } from "../../audio/identify.ts";
import { FileDigests } from "../../io/file-digests.ts";
import type { Look, LookRequest } from "./look.ts";

/** What the bytes of a file have to tell. */
export type Content = Pick<Extract<Look, { kind: "regular" }>, "digests" | "identity" | "text">;

/** Of longer files nobody wants the text. */
const MAX_TEXT_BYTES = 4 << 20;

/** Gathers what a request wants to know of a file's bytes, in one pass over them. One use. */
export class ContentReading {
  readonly #request: LookRequest;
  readonly #identifier: Identifier | undefined;
  /** Those that the identifier does not compute. */
  readonly #digests: FileDigests;
  #text: Buffer[] | undefined;

  /** @param identifier - Not used yet; only where an identity is asked for. */
  constructor(request: LookRequest, identifier: Identifier | undefined) {
    const { algorithms, text } = request;
    this.#request = request;
    this.#identifier = identifier;
    const others = identifier ? algorithms.filter((algorithm) => algorithm !== "sha256") : algorithms;
    this.#digests = new FileDigests(others);
    this.#text = text ? [] : undefined;
  }

  /** Takes the next chunk, which is not kept, of a file of that size. */
  push(chunk: Buffer, sizeBytes: number): void {
    this.#identifier?.push(chunk);
    if (sizeBytes <= MAX_TEXT_BYTES) this.#text?.push(Buffer.from(chunk));
    else this.#text = undefined;
    this.#digests.push(chunk, sizeBytes);
  }

  end(): Content {
    const digests = this.#digests.end();
    const identity = this.#identifier?.end();
    if (identity === undefined && this.#text === undefined) return { digests };
    return {
      digests: identity === undefined ? digests : this.#withSha256(digests, identity),
      ...(identity !== undefined && { identity }),
      ...(this.#text !== undefined && { text: Buffer.concat(this.#text).toString() }),
    };
  }

  /** Puts the digest that the identity has where it was asked for. */
  #withSha256(others: readonly string[], { sha256 }: Identity): readonly string[] {
    const left = others.values();
    return this.#request.algorithms.map((algorithm) => (algorithm === "sha256" ? sha256 : (left.next().value ?? "")));
  }
}
