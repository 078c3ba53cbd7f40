import type { ContainerWriter, ContainerWriterOptions } from "./container.ts";
import { withSize } from "./packed-chunks.ts";
import { toPaxRecords } from "./pax-records.ts";
import { BLOCK_BYTES, toPaddingBytes, toTarHeader, tryToTarName } from "./tar-header.ts";

/** Larger sizes do not fit eleven octal digits. */
const MAX_SIZE_BYTES = 8 ** 11 - 1;

const ZEROS = Buffer.alloc(2 * BLOCK_BYTES);

/**
 * Opens a writer of a tar file: ustar, and pax headers for what does not fit it. Memory is one chunk.
 *
 * Equal files give equal bytes: they belong to user and group 0, whose names are not told.
 *
 * @see POSIX.1-2017 pax, "pax Interchange Format"
 */
export function openTarWriter({ rootName, modifiedAtMs, write }: ContainerWriterOptions): ContainerWriter {
  const writePadded = async (bytes: Uint8Array) => {
    await write(bytes);
    await write(ZEROS.subarray(0, toPaddingBytes(bytes.length)));
  };
  return {
    async add(path, sizeBytes, read) {
      const fullPath = `${rootName}/${path}`;
      const name = tryToTarName(fullPath);
      const isLarge = sizeBytes > MAX_SIZE_BYTES;
      const common = { modifiedAtMs, name: name ?? { name: "long-name", prefix: "" } };
      if (name === undefined || isLarge) {
        const records = toPaxRecords({
          ...(name === undefined && { path: fullPath }),
          ...(isLarge && { size: String(sizeBytes) }),
        });
        await write(toTarHeader({ ...common, name: PAX_NAME, type: "x", sizeBytes: records.length }));
        await writePadded(records);
      }
      await write(toTarHeader({ ...common, type: "0", sizeBytes: isLarge ? 0 : sizeBytes }));
      for await (const chunk of withSize(path, sizeBytes, read())) await write(chunk);
      await write(ZEROS.subarray(0, toPaddingBytes(sizeBytes)));
    },

    end: () => write(ZEROS),
  };
}

const PAX_NAME = { name: "PaxHeader", prefix: "" };
