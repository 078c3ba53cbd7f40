/*!
 * SHA-256 in pieces is done by hash-wasm, which is under this licence:
 *
 * MIT License
 *
 * Copyright (c) 2020 Dani Biró
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy
 * of this software and associated documentation files (the "Software"), to deal
 * in the Software without restriction, including without limitation the rights
 * to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
 * copies of the Software, and to permit persons to whom the Software is
 * furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all
 * copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
 * IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
 * FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
 * AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
 * LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
 * OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
 * SOFTWARE.
 *
 * Embedded C implementations might use other, similarly permissive licenses.
 * Check the beginning of the files from the /src directory.
 *
 * Special thank you to the authors of original C algorithms:
 * - Alexander Peslyak <solar@openwall.com>
 * - Aleksey Kravchenko <rhash.admin@gmail.com>
 * - Colin Percival
 * - Stephan Brumme <create@stephan-brumme.com>
 * - Steve Reid <steve@edmweb.com>
 * - Samuel Neves <sneves@dei.uc.pt>
 * - Solar Designer <solar@openwall.com>
 * - Project Nayuki
 * - ARM Limited
 * - Yanbo Li dreamfly281@gmail.com, goldboar@163.comYanbo Li
 * - Mark Adler
 * - Yann Collet
 */

import { sha256 } from "hash-wasm";
import type { FolderNames } from "./folder-names.ts";
import { type Manifest, parseManifest } from "./manifest-lines.ts";

/** The digests of the payload. */
export const MANIFEST_NAME = "manifest-sha256.txt";

/** The digests of what stands beside the payload, {@link MANIFEST_NAME} among it. */
export const TAG_MANIFEST_NAME = "tagmanifest-sha256.txt";

/** A manifest of the package, as far as it could be read. */
export interface LoadedManifest extends Manifest {
  readonly name: string;
  readonly state: "loaded" | "missing" | "unreadable";
  /** Of the same bytes that its lines were taken from. */
  readonly sha256: string | undefined;
}

/** Reads a manifest of the package, if it is there. */
export async function loadManifest(names: FolderNames, name: string): Promise<LoadedManifest> {
  const nothing = { name, sha256: undefined, entries: [], badLines: [] };
  const picked = names.find(name);
  if (picked === undefined) return { ...nothing, state: "missing" };
  try {
    const bytes = new Uint8Array(await picked.file.arrayBuffer());
    return { name, state: "loaded", sha256: await sha256(bytes), ...parseManifest(bytes) };
  } catch (error) {
    if (error instanceof DOMException) return { ...nothing, state: "unreadable" };
    throw error;
  }
}
